"""What talk adds elsewhere: home page, notices, search, agenda; and what becomes of who leaves."""

import datetime as dt
import re
from collections.abc import Iterable

from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from counterpoise.watch.watching import crack_id
from counterpoise.web.audit.models import Entry
from counterpoise.web.cracks.models import Crack, Look, Setting, Showing
from counterpoise.web.cracks.naming import Naming
from counterpoise.web.notices.models import Notice
from counterpoise.web.notices.telling import notify
from counterpoise.web.places import Item
from counterpoise.web.talk import (
    agenda,
    erasing,
    handing_over,
    home,
    questions,
    remapping,
    reminding,
    room_facts,
    saying,
)
from counterpoise.web.talk.landing import landing_of
from counterpoise.web.talk.models import Question, Words, WordsFile
from counterpoise.web.talk.search import find
from counterpoise.web.talk.things import thing_for
from counterpoise.web.talk.threads import thread_of
from counterpoise.web.talk.written import thread_object
from counterpoise.web.tools.editing import Brought
from tests.web.desk.asking import Cast
from tests.web.desk.company import NOW
from tests.web.talk.speaking import CLAUSE, DEAL, answered, asked, said

DAY = dt.timedelta(days=1)


def says(items: Iterable[Item]) -> list[str]:
    return [item.says for item in items]


def drift_of_rhea() -> Crack:
    """Open a crack about Rhea, which she and those above her may open."""
    return Crack.objects.create(
        crack_id="drift", slug="drift", kind="discount_drift", side="sales",
        subject_type="person", subject_id="R1", opened_at=NOW, opened_on=NOW.date(),
        shown_at=NOW, stake=1,
    )  # fmt: skip


def test_questions_wait_on_the_home_page_of_who_owes(people: Cast) -> None:
    question = asked(people.rhea, people.kira)
    assert says(home.waits_for(people.kira)) == [
        "Answer a question, overdue: Who else was offered this?"
    ]
    assert says(home.waits_for(people.rhea)) == []
    answered(people.kira, question, now=NOW + DAY)
    assert says(home.waits_for(people.kira)) == []
    assert says(home.happened_since(people.rhea, NOW)) == [
        "Your question was answered: Who else was offered this?"
    ]


def test_who_is_named_and_who_spoke_hear_of_it(people: Cast) -> None:
    said(people.mona, "They pay late.")
    said(people.rhea, "By June, @Lena", now=NOW + DAY)
    assert says(home.happened_since(people.lena, NOW)) == ["You were named: By June, @Lena"]
    assert says(home.happened_since(people.mona, NOW)) == ["The talk went on about Alder pumps"]
    for user in (people.rolf, people.kira, people.rhea):
        assert says(home.happened_since(user, NOW)) == []


def test_reminds_once_and_sees_what_is_overdue_once(people: Cast) -> None:
    asked(people.rhea, people.kira)
    assert reminding.mark(NOW) == 0
    assert [reminding.mark(NOW + DAY) for _ in range(2)] == [1, 0]
    assert [reminding.mark(NOW + 3 * DAY) for _ in range(2)] == [1, 0]
    acts = Entry.objects.filter(subject=CLAUSE).order_by("sequence").values_list("act", flat=True)
    assert list(acts) == ["question.asked", "question.reminded", "question.overdue"]


def test_tells_each_what_concerns_them_once(people: Cast) -> None:
    question = asked(people.rhea, people.kira, "Who else, @Milo?")
    reminding.tell(NOW)
    reminding.mark(NOW + 3 * DAY)
    late = NOW + 3 * DAY
    assert (reminding.tell(late) > 0, reminding.tell(late)) == (True, 0)
    answered(people.kira, question, now=late)
    reminding.tell(late)
    assert sorted(Notice.objects.values_list("user__name", "subject")) == [
        ("Kira", "A question waits for you, due 12 Jun 2026, 10:00 (UTC)"),
        ("Kira", "Your answer is overdue"),
        ("Milo", "You were named"),
        ("Rhea", "A question of yours is overdue"),
        ("Rhea", "Your question was answered"),
    ]


def test_tells_of_a_question_the_latest_that_holds(people: Cast) -> None:
    question, late = asked(people.rhea, people.kira), NOW + 3 * DAY

    def told() -> list[str]:
        found = Notice.objects.exclude(user=people.rhea).order_by("pk")
        return [f"{each.user}: {each.subject}" for each in found.select_related("user")]

    reminding.mark(late)
    reminding.tell(late)
    assert told() == ["Kira: Your answer is overdue"]
    reminding.tell(late + 2 * DAY)
    questions.pass_on(people.kira, question.pk, people.milo)
    for each in (2, 3):
        reminding.mark(late + each * DAY)
        reminding.tell(late + each * DAY)
    due = "due 12 Jun 2026, 10:00 (UTC)"
    assert told()[1:] == [f"Milo: A question still waits for you, {due}"]


def test_tells_nobody_to_whom_the_thing_opens_no_more(people: Cast) -> None:
    question = asked(people.rhea, people.mona, thing=DEAL)
    Question.objects.filter(pk=question.pk).update(owner=people.rolf)
    assert reminding.tell(NOW) == 0
    assert says(home.waits_for(people.rolf)) == []


def test_a_search_finds_words_where_their_thing_opens(people: Cast) -> None:
    said(people.rhea, "Alder compares with Delta.")
    said(people.kira, "Delta is slow.", CLAUSE)
    assert [hit.label for hit in find(people.rhea, "delta", 5)] == [
        "Delta is slow.",
        "Alder compares with Delta.",
    ]
    assert [hit.label for hit in find(people.rolf, "DELTA", 5)] == ["Delta is slow."]
    assert find(people.rolf, "\x00", 5) == ()


def test_the_agenda_tells_no_row_that_only_some_may_open(people: Cast) -> None:
    asked(people.rhea, people.kira)
    asked(people.rhea, people.mona, "Theirs alone?")
    asked(people.rhea, people.lena, "Is Alder safe?", DEAL)
    assert [(item.says, item.side) for item in agenda.on_agenda(None)] == [
        (
            "Asked by sales, overdue: Who else was offered this? (discounts.limits.standard)",
            "marketing",
        ),
        ("1 question for those above both sides about deals, leads and requests", "both"),
    ]


def test_words_are_forgotten(people: Cast) -> None:
    said(people.rhea, "By June, @Mona", file=Brought("a.txt", b"a"))
    owed = asked(people.kira, people.rhea)
    erasing.forget(people.rhea)
    assert Words.objects.get(author=people.rhea).text == ""
    assert not WordsFile.objects.exists()
    owed.refresh_from_db()
    assert owed.owner is None
    assert says(home.waits_for(people.kira)) == [
        "Your question has no owner: Who else was offered this?"
    ]


def test_who_leaves_hands_questions_on(people: Cast) -> None:
    about_clause = asked(people.kira, people.rhea)
    about_deal = asked(people.mona, people.rhea, thing=DEAL)
    assert handing_over.hand_over(people.rhea, people.rolf) == 2
    for question in (about_clause, about_deal):
        question.refresh_from_db()
    assert (about_clause.owner, about_deal.owner) == (people.rolf, None)


def test_threads_follow_ids_that_the_crm_changed(people: Cast) -> None:
    said(people.rhea)
    asked(people.rhea, people.kira)
    old, new = (crack_id("tool_gap", "", "campaign", each) for each in ("C1", "C2"))
    Crack.objects.create(
        crack_id=old, slug=old, kind="tool_gap", side="marketing", subject_type="campaign",
        subject_id="C1", opened_at=NOW, opened_on=NOW.date(), shown_at=NOW, stake=1,
    )  # fmt: skip
    Words.objects.filter(thing=CLAUSE).update(thing=f"crack:{old}")
    assert remapping.remap("deal", "D1", "D7") == 1
    assert remapping.remap("person", "R1", "R7") == 1
    assert remapping.remap("campaign", "C1", "C2") == 1
    assert remapping.remap("product", "P1", "P2") == 0
    assert {each.thing for each in Words.objects.all()} == {"deal:D7", f"crack:{new}"}


def test_a_search_calls_nobody_by_name_whom_a_crack_does_not(people: Cast) -> None:
    Setting.objects.create(pk=1, people=Showing.PSEUDONYMS.value)
    drift = drift_of_rhea()
    Look.objects.create(user=people.mona, crack=drift, on=timezone.localdate())
    Words.objects.create(
        thing="crack:drift", author=people.mona, token="t", at=NOW, text=f"Ask ⟦{people.rhea.pk}⟧"
    )
    (hit,) = find(people.mona, "ask", 5)
    assert people.rhea.name not in hit.label
    thing = thing_for(people.mona, "crack:drift")
    assert thing is not None
    said(people.rhea, "It was one deal.", "crack:drift")
    by = [each["by"] for each in thread_object(people.mona, thread_of(people.mona, thing))["words"]]
    assert by[0] == {"id": people.mona.pk, "name": "Mona"}
    assert (by[1]["id"], by[1]["name"] == people.rhea.name) == (None, False)
    assert "Ask @" in hit.label


def test_a_crack_about_a_person_is_talked_about_by_who_opened_it(people: Cast) -> None:
    drift_of_rhea()
    said(people.rhea, "It was one deal.", "crack:drift")
    own = thing_for(people.rhea, "crack:drift")
    assert own is not None
    assert [each.author for each in thread_of(people.rhea, own).last] == ["Rhea Rook"]
    above = thing_for(people.mona, "crack:drift")
    assert above is not None
    assert above.is_shut
    mona = Client()
    mona.force_login(people.mona)
    for path in ("on", "ask"):
        assert mona.get(f"/talk/{path}/crack:drift/")["Location"] == above.url
    assert mona.get("/talk/names/crack:drift/").status_code == 404
    assert thing_for(people.rolf, "crack:drift") is None
    assert not find(people.mona, "deal", 5)


def test_whom_a_crack_is_about_is_asked_by_pseudonym_alone(people: Cast) -> None:
    Setting.objects.create(pk=1, people=Showing.PSEUDONYMS.value)
    drift = drift_of_rhea()
    Look.objects.create(user=people.mona, crack=drift, on=timezone.localdate())
    pseudonym = Naming(people.mona).colleague(people.rhea, drift)
    mona = Client()
    mona.force_login(people.mona)
    asking = mona.get("/talk/ask/crack:drift/").content.decode()
    assert f'<option value="0">{pseudonym} (sales)</option>' in asking
    assert f'<option value="{people.lena.pk}">Lena' in asking
    assert f'<option value="{people.rhea.pk}">' not in asking
    offered = mona.get("/talk/names/crack:drift/").content.decode()
    names = re.findall('data-name="([^"]+)"', offered)
    assert pseudonym in names
    assert names == sorted(names, key=str.casefold)
    given = {"text": "Why?", "within": "2 working days", "token": "12345678"}
    refused = mona.post("/talk/ask/crack:drift/", given | {"owner": people.rhea.pk})
    assert refused.status_code == 422
    assert mona.post("/talk/ask/crack:drift/", given | {"owner": 0}).status_code == 302
    assert Question.objects.get().owner == people.rhea
    for page in (asking, offered, mona.get("/talk/on/crack:drift/").content.decode()):
        assert people.rhea.name not in page


def test_the_next_review_reads_questions(people: Cast) -> None:
    question, gone = asked(people.rhea, people.kira), asked(people.rhea, people.kira)
    saying.withdraw(people.rhea, gone.words.pk, NOW)
    answered(people.kira, question, now=NOW + DAY)
    wall = NOW.replace(tzinfo=None)
    assert room_facts.rows() == {
        "questions": [
            {
                "question_id": f"room-{question.pk}",
                "asked_at": wall,
                "asker_side": "sales",
                "asked_by": "R1",
                "owner_side": "marketing",
                "owner_id": "K1",
                "due_at": wall + 2 * DAY,
                "answered_at": wall + DAY,
                "answered_by": "K1",
            }
        ],
        "campaign_notices": [],
    }


def test_many_questions_and_words_cost_no_more_than_a_few(
    people: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(24):
        asked(people.rhea, people.kira, f"Question {number}?")
        said(people.rhea, f"Word {number}")
    with django_assert_max_num_queries(16):
        page = landing_of(people.kira)
    assert len(page.owed) == 20
    assert reminding.tell(NOW) == 24
    with django_assert_max_num_queries(4):
        assert reminding.tell(NOW) == 0


def test_a_long_thread_folds_all_but_its_last_words_away(people: Cast) -> None:
    Words.objects.bulk_create(
        Words(thing=CLAUSE, author=people.rhea, token=f"t{number}", at=NOW, text=f"{number}")
        for number in range(60)
    )
    thing = thing_for(people.kira, CLAUSE)
    assert thing is not None
    folded = thread_of(people.kira, thing)
    assert [each.text for each in (*folded.earlier, *folded.last)] == [
        str(number) for number in range(40, 60)
    ]
    assert len(thread_of(people.kira, thing, is_whole=True).last) == 60


def test_an_address_too_long_to_keep_stops_no_notice(people: Cast) -> None:
    made = notify(people.kira, "Told", "Text", "/" + "a" * 500, key="once")
    assert made is not None
    assert made.url == ""
    for key in ("a" * 201, "b" * 201, "a" * 201):
        notify(people.kira, "Told", "Text", key=key)
    assert Notice.objects.count() == 3
