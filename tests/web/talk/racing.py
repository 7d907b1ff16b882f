"""What two sides do at the same instant, in threads of their own, on PostgreSQL alone.

Run by `tests/web/test_on_postgresql.py`, which names the database; SQLite lets one writer in at a
time anyway.
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.conf import settings
from django.utils import timezone

from counterpoise.agreement import Side
from counterpoise.web.audit.models import Entry
from counterpoise.web.audit.verifying import verify
from counterpoise.web.joint import beginning, planning, writing
from counterpoise.web.joint.models import Decision, JointReview, Point, Revision
from counterpoise.web.notices import digest
from counterpoise.web.notices.models import Notice
from counterpoise.web.people.models import User
from counterpoise.web.promises import transfers
from counterpoise.web.promises.budgets import Budget
from counterpoise.web.promises.models import Transfer
from counterpoise.web.promises.transfers import SettledMeanwhileError, Wanted
from counterpoise.web.pulse import answering, life
from counterpoise.web.pulse.items import ITEMS
from counterpoise.web.pulse.models import Figure, Participation, Pulse
from counterpoise.web.talk import questions, reminding, saying
from counterpoise.web.talk.models import Question, Words
from counterpoise.web.thanks import thanking, weekly
from counterpoise.web.thanks.deed import Deed
from counterpoise.web.thanks.models import Thank, Told
from tests.web.agreements.racing import at_once
from tests.web.desk.asking import Cast, token
from tests.web.desk.company import NOW
from tests.web.joint.meeting import begun, brought, planned
from tests.web.talk.speaking import CLAUSE, asked

pytestmark = pytest.mark.django_db(transaction=True)

YEAR = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
Act = Callable[[], object]


def said(text: str) -> saying.Said:
    return saying.Said(text, token())


@pytest.fixture
def leads(people: Cast) -> Cast:
    """Let three sign: a manager, a marketer, and the lead above both."""
    for user in (people.mona, people.milo, people.kira, people.lena):
        user.may_sign = True
        user.save()
    return people


@pytest.fixture
def budgets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two budgets be there."""
    found = [
        Budget(name, name, side, *YEAR, Decimal(1_000), Decimal(0), Decimal(0))
        for name, side in (("fairs", "marketing"), ("concessions", "sales"))
    ]
    monkeypatch.setattr(transfers, "budgets_of", lambda _kept: found)


def test_of_two_answers_at_once_one_settles_and_both_are_read(people: Cast) -> None:
    question = asked(people.kira, people.rhea, thing=CLAUSE)
    one, other = said("Nobody."), said("Two of them.")
    refused = at_once(
        lambda: questions.answer(people.rhea, question.pk, one),
        lambda: questions.answer(people.mona, question.pk, other),
        lambda: questions.answer(people.rhea, question.pk, one),
    )
    assert refused == [None] * 3
    question.refresh_from_db()
    assert question.state == "answered"
    assert Words.objects.filter(answers=question).count() == 2
    acts = Entry.objects.filter(act__in=["question.answered", "words.said"])
    assert sorted(acts.values_list("act", flat=True)) == ["question.answered", "words.said"]


def test_a_question_answered_and_withdrawn_at_once_ends_once(people: Cast) -> None:
    question = asked(people.kira, people.rhea, thing=CLAUSE)
    refused = at_once(
        lambda: questions.answer(people.rhea, question.pk, said("Nobody.")),
        lambda: saying.withdraw(people.kira, question.words_id),
        lambda: questions.pass_on(people.rhea, question.pk, people.mona),
    )
    question.refresh_from_db()
    words = Words.objects.get(pk=question.words_id)
    assert refused[0] is None
    assert (question.state == "withdrawn") is words.is_withdrawn is (refused[1] is None)
    assert question.owner_id == (people.rhea.pk if refused[2] else people.mona.pk)
    assert Words.objects.filter(answers=question).count() == 1


def test_nothing_that_two_write_at_once_is_lost(leads: Cast) -> None:
    point = brought(leads.mona, begun(leads.mona, planned()))
    writing.note(leads.mona, point.pk, "Prices", token())
    refused = at_once(
        lambda: writing.edit(leads.mona, point.pk, 1, "Prices\nsaid Mona", token()),
        lambda: writing.edit(leads.kira, point.pk, 1, "Prices\nsaid Kira", token()),
        lambda: writing.note(leads.rhea, point.pk, "said Rhea", token()),
    )
    assert refused == [None] * 3
    point.refresh_from_db()
    assert sorted(point.notes.splitlines()) == ["Prices", "said Kira", "said Mona", "said Rhea"]
    versions = Revision.objects.filter(point=point).order_by("version")
    assert list(versions.values_list("version", flat=True)) == [1, 2, 3, 4]
    assert versions.last().text == point.notes  # type: ignore[union-attr]


def test_closed_minutes_take_nothing_that_comes_at_the_same_instant(leads: Cast) -> None:
    review = begun(leads.mona, planned())
    point = brought(leads.mona, review)
    beginning.come(leads.kira, review.pk)
    refused = at_once(
        lambda: beginning.close(leads.mona, review.pk),
        lambda: writing.decide(leads.kira, point.pk, "Fewer fairs", token()),
        lambda: beginning.bring(leads.rhea, review.pk, "Late", token()),
        lambda: beginning.close(leads.lena, review.pk),
    )
    review.refresh_from_db()
    assert review.is_held
    assert sum(refused[place] is None for place in (0, 3)) == 1
    assert Decision.objects.count() == int(refused[1] is None)
    assert Point.objects.filter(says="Late").count() == int(refused[2] is None)


def test_a_review_begins_once_and_is_planned_once(leads: Cast) -> None:
    review = planned()
    refused = at_once(
        lambda: beginning.begin(leads.mona, review.pk),
        lambda: beginning.begin(leads.kira, review.pk),
        lambda: planning.skip(leads.lena, review.pk, "Nobody is there"),
    )
    review.refresh_from_db()
    assert sum(each is None for each in refused) == 1
    assert review.state == ("skipped" if refused[2] is None else "open")
    keys = Point.objects.values_list("review_id", "key")
    assert len(keys) == len(set(keys))
    at_once(*[lambda: planning.plan_now(leads.lena)] * 3)
    assert JointReview.objects.filter(state="planned").count() <= 2
    assert Entry.objects.filter(act="joint_review.planned").count() == (
        JointReview.objects.count() - 1
    )


def test_of_two_signatures_at_once_one_settles(leads: Cast, budgets: None) -> None:
    wanted = Wanted("fairs", "concessions", Decimal(100), "Fewer fairs", token())
    now = timezone.now()
    propose: Act = lambda: transfers.propose(leads.kira, wanted, Side.MARKETING, now)  # noqa: E731
    assert at_once(propose, propose) == [None, None]
    transfer = Transfer.objects.get()
    refused = at_once(
        lambda: transfers.sign(leads.mona, transfer.pk, now),
        lambda: transfers.decline(leads.milo, transfer.pk, "No", now),
        lambda: transfers.withdraw(leads.kira, transfer.pk, now),
    )
    transfer.refresh_from_db()
    assert [type(each) for each in refused if each] == [SettledMeanwhileError] * 2
    assert transfer.state == ("signed", "declined", "withdrawn")[refused.index(None)]
    assert Entry.objects.filter(act__startswith="transfer.").count() == 2


def test_no_answer_to_a_closing_pulse_is_lost_or_counted_twice(people: Cast) -> None:
    pulse = life.open_due(dt.date(2026, 3, 2))
    assert pulse is not None
    sellers = [
        User.objects.create_user(f"seller{number}@example.com", side="sales")
        for number in range(10)
    ]

    def answer(user: User, rating: int) -> Act:
        return lambda: answering.answer(user, pulse.pk, [rating] * len(ITEMS))

    first = at_once(*(answer(user, 4) for user in sellers[:5] for _ in range(2)))
    assert sum(each is None for each in first) == 5
    assert Participation.objects.count() == 5
    then = at_once(
        *(answer(user, 2) for user in sellers[5:]),
        *[lambda: life.close(pulse.pk, dt.date(2026, 3, 16))] * 2,
    )
    figure = Figure.objects.get()
    took_part = 5 + sum(each is None for each in then[:5])
    assert figure.n == took_part
    assert figure.mean == pytest.approx((5 * 80 + (took_part - 5) * 40) / took_part)
    assert (Participation.objects.count(), bytes(Pulse.objects.get().urn)) == (0, b"")
    assert Entry.objects.filter(act="pulse.closed").count() == 1


def test_pulses_are_opened_once_with_one_key(people: Cast) -> None:
    day = dt.date(2026, 3, 2)
    at_once(*[lambda: life.open_due(day)] * 4)
    seller = User.objects.filter(side="sales")
    pulse = Pulse.objects.get()
    ratings = [3] * len(ITEMS)
    refused = at_once(
        *(lambda user=user: answering.answer(user, pulse.pk, ratings) for user in seller)
    )
    assert refused == [None] * 5
    assert len([*settings.SECRETS_DIR.glob(".pulse-*")]) == 1
    life.close(pulse.pk, day)
    assert Figure.objects.get().n == 5


def test_thanks_and_a_weeks_digest_are_kept_once(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = Deed("deal:D1:won", "Kira's lead became a deal", "/", NOW, people.kira)
    for module in (thanking, weekly):
        monkeypatch.setattr(module, "done_for", lambda _user, _now: [done])
    User.objects.filter(pk=people.mona.pk).update(last_login=NOW)
    eight = timezone.make_aware(dt.datetime(2026, 6, 8, 8, 1))
    asked(people.kira, people.mona, thing=CLAUSE, now=NOW)
    later = NOW + dt.timedelta(days=30)
    refused = at_once(
        *[lambda: thanking.thank(people.mona, done.key, NOW)] * 3,
        *[lambda: digest.send_digests(eight)] * 3,
        *[lambda: reminding.mark(later)] * 2,
        *[lambda: reminding.tell(later)] * 2,
    )
    assert refused == [None] * 10
    assert Thank.objects.count() == 1
    assert Notice.objects.filter(key="digest:2026-06-08").count() == 1
    assert Told.objects.filter(user=people.mona).count() == 2
    for act in ("question.reminded", "question.overdue"):
        assert Entry.objects.filter(act=act).count() == 1
    keys = Notice.objects.values_list("user_id", "key")
    assert len(keys) == len(set(keys))
    assert Question.objects.get().state == "open"
    assert verify().findings == ()
