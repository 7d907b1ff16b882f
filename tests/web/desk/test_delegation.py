import datetime as dt

import pytest

from counterpoise.web.audit.models import Entry
from counterpoise.web.desk.approvals import NotYoursToAnswerError, waiting_for
from counterpoise.web.desk.delegation import DelegationError, delegate, end, stand_ins_for
from counterpoise.web.desk.models import Answer, Delegation
from counterpoise.web.people.models import User
from tests.web.desk.asking import Cast, asked, say
from tests.web.desk.company import NOW

TODAY = NOW.date()
TOMORROW = TODAY + dt.timedelta(days=1)


def test_lets_another_of_the_side_answer(people: Cast) -> None:
    made = delegate(people.mona, people.rolf, TODAY, TOMORROW, NOW)
    request = asked(people.rhea)
    assert list(waiting_for(people.rolf, NOW)) == [request]
    assert say(people.rolf, request).state == "approved"
    answer = Answer.objects.get()
    assert (answer.capacity, answer.delegation, answer.step.role) == (
        "delegate",
        made,
        "sales_manager",
    )


def test_leaves_the_giver_the_right_to_answer(people: Cast) -> None:
    delegate(people.mona, people.rolf, TODAY, TOMORROW, NOW)
    assert say(people.mona, asked(people.rhea)).state == "approved"


@pytest.mark.parametrize("days", [-1, 2])
def test_lasts_for_its_days_alone(people: Cast, days: int) -> None:
    delegate(people.mona, people.rolf, TODAY, TOMORROW, NOW)
    request = asked(people.rhea)
    other = NOW + dt.timedelta(days=days)
    assert not waiting_for(people.rolf, other).exists()
    with pytest.raises(NotYoursToAnswerError):
        say(people.rolf, request, at=other)


def test_ends_when_taken_back(people: Cast) -> None:
    made = delegate(people.mona, people.rolf, TODAY, TOMORROW, NOW)
    assert end(people.mona, made.pk)
    assert not end(people.mona, made.pk)
    assert not waiting_for(people.rolf, NOW).filter(pk=asked(people.rhea).pk).exists()


def test_lets_nobody_else_take_it_back(people: Cast) -> None:
    made = delegate(people.mona, people.rolf, TODAY, TOMORROW, NOW)
    assert not end(people.milo, made.pk)


def test_is_not_handed_on(people: Cast) -> None:
    delegate(people.mona, people.milo, TODAY, TOMORROW, NOW)
    delegate(people.milo, people.rolf, TODAY, TOMORROW, NOW)
    Delegation.objects.filter(giver=people.milo).update(role="sales_manager")
    User.objects.filter(pk=people.milo.pk).update(role="rep")
    request = asked(people.rhea)
    assert not waiting_for(people.rolf, NOW).exists()
    with pytest.raises(NotYoursToAnswerError):
        say(people.rolf, request)


def test_never_reaches_the_request_of_the_giver(people: Cast) -> None:
    delegate(people.lena, _above(people), TODAY, TOMORROW, NOW)
    request = asked(people.mona, "0.25", account="A2")
    assert [step.role for step in request.steps.all()] == ["revenue_lead"]
    own = asked(people.lena, "0.05", customizations=[{"kind": "private_label", "cost": 9000}])
    assert own.state == "refused"


def _above(people: Cast) -> User:
    return User.objects.create_user("ada@example.com", name="Ada", side="both", role="")


def test_never_answers_for_a_giver_who_asked(people: Cast) -> None:
    delegate(people.mona, people.rolf, TODAY, TOMORROW, NOW)
    request = asked(people.mona, "0.22", deal_id="D3")
    request.steps.update(role="sales_manager")
    assert not waiting_for(people.rolf, NOW).exists()
    with pytest.raises(NotYoursToAnswerError):
        say(people.rolf, request)
    assert list(waiting_for(people.milo, NOW)) == [request]


def test_ends_with_the_role_of_the_giver(people: Cast) -> None:
    delegate(people.mona, people.rolf, TODAY, TOMORROW, NOW)
    User.objects.filter(pk=people.mona.pk).update(role="rep")
    assert not waiting_for(people.rolf, NOW).filter(pk=asked(people.rhea).pk).exists()


def test_refuses_another_side(people: Cast) -> None:
    with pytest.raises(DelegationError, match="Kira is not of the side"):
        delegate(people.mona, people.kira, TODAY, TOMORROW, NOW)
    assert people.kira not in stand_ins_for(people.mona)


def test_offers_those_of_the_side_and_above(people: Cast) -> None:
    names = {user.name for user in stand_ins_for(people.mona)}
    assert names == {"Rhea", "Rolf", "Milo", "Lena", "Guest"}


def test_refuses_oneself(people: Cast) -> None:
    with pytest.raises(DelegationError):
        delegate(people.mona, people.mona, TODAY, TOMORROW, NOW)


def test_refuses_who_has_no_role(people: Cast) -> None:
    with pytest.raises(DelegationError, match="You hold no role"):
        delegate(people.guest, people.rhea, TODAY, TOMORROW, NOW)


@pytest.mark.parametrize(
    ("from_on", "until_on", "says"),
    [
        (TOMORROW, TODAY, "lies before"),
        (TODAY - dt.timedelta(9), TODAY - dt.timedelta(8), "is over"),
        (TODAY, TODAY + dt.timedelta(90), "more than 90 days"),
    ],
)
def test_refuses_days_that_cannot_be(
    people: Cast, from_on: dt.date, until_on: dt.date, says: str
) -> None:
    with pytest.raises(DelegationError, match=says):
        delegate(people.mona, people.rolf, from_on, until_on, NOW)
    assert not Delegation.objects.exists()


def test_refuses_two_at_a_time(people: Cast) -> None:
    delegate(people.mona, people.rolf, TODAY, TOMORROW, NOW)
    with pytest.raises(DelegationError, match="handed over already"):
        delegate(people.mona, people.milo, TOMORROW, TOMORROW, NOW)


def test_is_audited(people: Cast) -> None:
    made = delegate(people.mona, people.rolf, TODAY, TOMORROW, NOW)
    end(people.mona, made.pk)
    acts = Entry.objects.order_by("sequence").values_list("act", "subject")
    subject = f"delegation:{made.pk}"
    assert list(acts) == [("delegation.made", subject), ("delegation.ended", subject)]
