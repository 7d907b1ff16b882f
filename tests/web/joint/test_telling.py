"""Reminders of reviews and actions: to whom, when, and never twice."""

import datetime as dt

from django.utils import timezone

from counterpoise.web.joint import notices, planning, writing
from counterpoise.web.joint.models import Action, JointReview
from counterpoise.web.joint.states import ActionState
from counterpoise.web.notices.models import Notice
from tests.web.desk.asking import Cast, token
from tests.web.joint.meeting import brought, planned

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def told() -> list[tuple[str, str]]:
    return sorted(Notice.objects.values_list("user__name", "subject"))


def test_who_was_asked_is_reminded_the_day_before(people: Cast) -> None:
    review = planned()
    assert notices.tell(review.starts_at - 25 * HOUR) == 0
    assert notices.tell(review.starts_at - 20 * HOUR) == 3
    assert notices.tell(review.starts_at - 19 * HOUR) == 0  # a worker that begins again
    subject = "Joint review of both sides"
    assert told() == [("Kira", subject), ("Lena", subject), ("Mona", subject)]
    later = planning.move(people.mona, review.pk, review.starts_at + 5 * DAY)
    assert notices.tell(later.starts_at - HOUR) == 3


def test_the_day_before_is_right_when_the_clocks_change(people: Cast) -> None:
    first = dt.datetime(2099, 3, 29, 9, 30, tzinfo=dt.UTC)  # the night before has 23 hours
    planned(first)
    assert notices.tell(first - 24 * HOUR - dt.timedelta(minutes=1)) == 0
    assert notices.tell(first - 24 * HOUR) == 3


def test_a_skipped_review_is_told_with_its_reason(people: Cast, coming: JointReview) -> None:
    planning.skip(people.mona, coming.pk, "trade fair")
    now = timezone.now()
    assert notices.tell(now) == 3
    assert {notice.text for notice in Notice.objects.all()} == {"trade fair"}
    assert notices.tell(now + HOUR) == 0


def test_an_owner_is_told_reminded_and_left_alone_when_done(
    people: Cast, sitting: JointReview
) -> None:
    point = brought(people.mona, sitting)
    due_on = timezone.localdate() + 5 * DAY
    action = writing.promise(people.mona, point.pk, "Call", people.rhea, due_on, token())
    own = writing.promise(people.mona, point.pk, "Mine", people.mona, due_on, token())
    at = timezone.now()
    assert notices.tell(at) == 1
    writing.settle(people.mona, own.pk, ActionState.DONE)
    noon = timezone.make_aware(dt.datetime.combine(due_on, dt.time(12)))
    assert [notices.tell(noon + days * DAY) for days in (-2, -1, 0, 1, 2, 8, 9)] == [
        *(0, 1, 0),
        *(1, 0),
        *(1, 0),
    ]
    assert told()[:2] == [
        ("Rhea", "Due tomorrow: what you promised"),
        ("Rhea", "Overdue: what you promised"),
    ]
    writing.settle(people.rhea, action.pk, ActionState.DONE)
    assert notices.tell(noon + 30 * DAY) == 0
    assert Action.objects.filter(state=ActionState.OPEN).count() == 0
