"""What the room knows of joint reviews, as rows of the table `joint_reviews`."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count, Q
from django.utils import timezone

from counterpoise.web.joint.models import JointReview
from counterpoise.web.joint.states import ReviewState

Row = Mapping[str, object]


def rows() -> dict[str, list[Row]]:
    """Return the reviews that were held or skipped; no word of what was said there."""
    over = JointReview.objects.filter(state__in=[ReviewState.HELD, ReviewState.SKIPPED])
    counted = over.annotate(
        decisions=Count(
            "points__decisions", filter=Q(points__decisions__struck_at=None), distinct=True
        ),
        actions=Count("points__actions", distinct=True),
    )
    return {
        "joint_reviews": [
            {
                "review_id": f"room-{each.pk}",
                "due_on": timezone.localdate(each.starts_at),
                "outcome": each.state,
                "decisions": each.decisions,
                "actions": each.actions,
            }
            for each in counted.order_by("pk")
        ]
    }
