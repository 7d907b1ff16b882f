"""Questions: whom they ask, by when, and how they are settled."""

import datetime as dt

import pytest

from counterpoise.web.audit.models import Entry
from counterpoise.web.talk import questions, saying
from counterpoise.web.talk.models import Question, Words
from counterpoise.web.talk.replies import replies_both_ways
from counterpoise.web.talk.things import NoThingError
from tests.web.desk.asking import Cast
from tests.web.desk.company import NOW
from tests.web.talk.speaking import CLAUSE, DEAL, answered, asked

DAY = dt.timedelta(days=1)


def test_the_reply_date_runs_in_working_days(people: Cast) -> None:
    question = asked(people.rhea, people.kira)
    # Asked on a Wednesday at ten; two working days of eight hours end on Friday at ten.
    assert question.due_at == NOW + 2 * DAY
    assert question.remind_at == NOW + DAY
    late = asked(people.rhea, people.kira, within="3 working days")
    assert late.due_at == NOW + 5 * DAY  # Monday


def test_asks_only_who_may_open_the_thing(people: Cast) -> None:
    with pytest.raises(saying.TalkError, match="may not open"):
        asked(people.rhea, people.rolf, thing=DEAL)
    with pytest.raises(NoThingError):
        asked(people.rolf, people.rhea, thing=DEAL)
    with pytest.raises(saying.TalkError, match="somebody else"):
        asked(people.rhea, people.rhea)
    with pytest.raises(saying.TalkError, match="on offer"):
        asked(people.rhea, people.kira, within="1 week")
    with pytest.raises(saying.TalkError):
        asked(people.rhea, people.kira, " ")
    assert not Words.objects.exists()


def test_the_first_answer_settles_and_the_second_is_kept(people: Cast) -> None:
    question = asked(people.rhea, people.kira)
    with pytest.raises(saying.NotYoursError):
        answered(people.rhea, question)
    answered(people.kira, question, now=NOW + DAY)
    answered(people.milo, question, "Two years ago, once.", now=NOW + 2 * DAY)
    question.refresh_from_db()
    assert (question.state, question.settled_by, question.settled_at) == (
        "answered",
        people.kira,
        NOW + DAY,
    )
    assert [each.author.name for each in question.answers.all()] == ["Kira", "Milo"]
    acts = Entry.objects.filter(subject=CLAUSE).order_by("sequence").values_list("act", flat=True)
    assert list(acts) == ["question.asked", "question.answered", "words.said"]


def test_the_words_of_a_settled_question_stay(people: Cast) -> None:
    question = asked(people.rhea, people.kira)
    saying.edit(people.rhea, question.words.pk, "Who else got 12 %?")
    answer = answered(people.kira, question)
    for act in (saying.withdraw, lambda user, pk: saying.edit(user, pk, "Nothing.")):
        with pytest.raises(saying.NotYoursError):
            act(people.rhea, question.words.pk)
    with pytest.raises(saying.NotYoursError):
        saying.withdraw(people.kira, answer.pk)


def test_a_withdrawn_question_waits_for_nobody(people: Cast) -> None:
    question = asked(people.rhea, people.kira)
    saying.withdraw(people.rhea, question.words.pk, NOW)
    question.refresh_from_db()
    assert (question.state, question.settled_by) == ("withdrawn", people.rhea)
    assert not questions.may_answer(people.kira, question)


def test_who_asked_or_owns_passes_it_on(people: Cast) -> None:
    question = asked(people.rhea, people.kira)
    assert questions.pass_on(people.kira, question.pk, people.lena).owner == people.lena
    assert questions.pass_on(people.rhea, question.pk, people.mona).owner_side == "sales"
    for by, to in ((people.kira, people.milo), (people.rolf, people.milo)):
        with pytest.raises(saying.NotYoursError):
            questions.pass_on(by, question.pk, to)
    with pytest.raises(saying.TalkError):
        questions.pass_on(people.mona, question.pk, people.rhea)
    answered(people.kira, question)
    with pytest.raises(saying.NotYoursError):
        questions.pass_on(people.mona, question.pk, people.lena)
    assert Question.objects.get().owner == people.mona


def test_replies_are_measured_both_ways(people: Cast) -> None:
    hour = dt.timedelta(hours=1)
    for span in (2, 4, 6):
        answered(people.kira, asked(people.rhea, people.kira), now=NOW + span * hour)
    asked(people.rolf, people.kira)  # overdue
    asked(people.kira, people.mona, now=NOW + 6 * DAY)  # not due yet
    asked(people.rhea, people.mona)  # of one side
    gone = asked(people.rhea, people.kira)
    saying.withdraw(people.rhea, gone.words.pk, NOW)
    by_marketing, by_sales = replies_both_ways(NOW + 6 * DAY)
    assert (by_marketing.owner, by_marketing.in_time, by_marketing.due) == ("marketing", 3, 4)
    assert (by_marketing.hours, by_marketing.promised) == (4, "2 working days")
    assert (by_sales.owner, by_sales.due, by_sales.share, by_sales.hours) == (
        "sales",
        0,
        None,
        None,
    )
