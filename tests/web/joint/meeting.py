"""Short ways to plan and hold joint reviews."""

import datetime as dt

from django.utils import timezone

from counterpoise.web.joint import beginning
from counterpoise.web.joint.models import JointReview, Point, Presence
from counterpoise.web.people.models import User
from tests.web.desk.asking import token

SOON = dt.timedelta(days=3)


def planned(starts_at: dt.datetime | None = None, **told: object) -> JointReview:
    """Plan a review for which everybody who signs is asked."""
    at = starts_at or timezone.now() + SOON
    day = at.date()
    facts = {
        "period_on": day,
        "until_on": day,
        "starts_at": at,
        "minutes": 45,
        "planned_at": dt.datetime(2026, 6, 1, 8, tzinfo=dt.UTC),
        **told,
    }
    review = JointReview.objects.create(**facts)
    for user in User.objects.filter(may_sign=True):
        Presence.objects.create(review=review, user=user, side=user.side)
    return review


def begun(user: User, review: JointReview) -> JointReview:
    """Begin a review."""
    return beginning.begin(user, review.pk)


def brought(user: User, review: JointReview, says: str = "Prices of valves") -> Point:
    """Bring a point."""
    return beginning.bring(user, review.pk, says, token())
