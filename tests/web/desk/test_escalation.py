import datetime as dt

from counterpoise.web.audit.models import Entry
from counterpoise.web.desk.approvals import waiting_for
from counterpoise.web.desk.delegation import delegate
from counterpoise.web.desk.escalation import Escalated, escalate
from counterpoise.web.desk.models import Answer, Request, Step
from counterpoise.web.people.models import User
from tests.web.desk.asking import Cast, asked, say
from tests.web.desk.company import NOW

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def test_does_nothing_before_anything_is_due(people: Cast) -> None:
    asked(people.rhea)
    assert escalate(NOW + 3 * HOUR) == Escalated()


def test_reminds_after_the_agreed_working_time(people: Cast) -> None:
    request = asked(people.rhea)
    assert escalate(NOW + 4 * HOUR) == Escalated(reminded=1)
    assert escalate(NOW + 5 * HOUR) == Escalated()
    assert [event.kind for event in request.events.all()] == ["asked", "reminded"]


def test_counts_working_time_over_the_weekend(people: Cast) -> None:
    friday = NOW + 2 * DAY + 6 * HOUR
    asked(people.rhea, at=friday)
    assert escalate(friday + 2 * DAY) == Escalated()
    assert escalate(friday + 3 * DAY - 4 * HOUR) == Escalated(reminded=1)


def test_hands_on_what_is_overdue(people: Cast) -> None:
    request = asked(people.rhea)
    assert list(waiting_for(people.lena, NOW)) == []
    assert escalate(NOW + DAY) == Escalated(reminded=1, escalated=1)
    assert escalate(NOW + DAY) == Escalated()
    assert list(waiting_for(people.lena, NOW + DAY)) == [request]
    assert list(waiting_for(people.mona, NOW + DAY)) == [request]
    assert say(people.lena, request, at=NOW + DAY).state == "approved"
    answer = Answer.objects.get()
    assert (answer.capacity, answer.step.role) == ("escalation", "sales_manager")


def test_leaves_what_is_answered_alone(people: Cast) -> None:
    say(people.mona, asked(people.rhea))
    assert escalate(NOW + 9 * DAY) == Escalated()


def test_hands_nothing_on_to_whose_deal_it_is(people: Cast) -> None:
    User.objects.filter(pk=people.lena.pk).update(person_id="L1")
    request = asked(people.rhea)
    Request.objects.filter(pk=request.pk).update(owner_person_id="L1")
    assert escalate(NOW + DAY) == Escalated(reminded=1)
    assert not Step.objects.filter(escalated_at__isnull=False).exists()


def test_hands_on_at_once_what_nobody_may_answer(people: Cast) -> None:
    User.objects.filter(pk=people.milo.pk).update(is_active=False)
    User.objects.filter(pk=people.mona.pk).update(role="")
    request = asked(people.rhea)
    step = request.steps.get()
    assert (step.escalated_at, step.escalated_to) == (NOW, "revenue_lead")
    assert [event.kind for event in request.events.all()] == ["asked", "escalated"]


def test_lets_a_stand_in_answer_what_was_handed_on(people: Cast) -> None:
    ada = User.objects.create_user("ada@example.com", name="Ada", side="both")
    delegate(people.lena, ada, NOW.date(), NOW.date() + 2 * DAY, NOW)
    request = asked(people.rhea)
    escalate(NOW + DAY)
    assert say(ada, request, at=NOW + DAY).state == "approved"
    assert Answer.objects.get().capacity == "delegate"


def test_ends_what_nobody_answered(people: Cast) -> None:
    request = asked(people.rhea)
    assert escalate(NOW + 90 * DAY) == Escalated(reminded=1, escalated=1, expired=1)
    request.refresh_from_db()
    assert request.state == "expired"
    assert escalate(NOW + 91 * DAY) == Escalated()


def test_is_audited(people: Cast) -> None:
    asked(people.rhea)
    escalate(NOW + DAY)
    acts = Entry.objects.order_by("sequence").values_list("act", "actor_id")
    assert list(acts) == [
        ("request.asked", people.rhea.pk),
        ("request.reminded", None),
        ("request.escalated", None),
    ]
