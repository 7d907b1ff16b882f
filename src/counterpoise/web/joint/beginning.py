"""Sitting together: beginning a joint review with its agenda, who is there, and closing it.

What the agenda says is kept as it stood when the review began. Closing fixes the minutes; a
review to which only one side came cannot be closed, only skipped.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from counterpoise.agreement import Side
from counterpoise.web.audit.entries import record
from counterpoise.web.joint.models import (
    ADDED,
    LONGEST_LINE,
    LONGEST_URL,
    JointReview,
    Point,
    Presence,
)
from counterpoise.web.joint.planning import MOST, ReviewError, named
from counterpoise.web.joint.rights import refuse_unless_leading, sides_there
from counterpoise.web.joint.states import ReviewState
from counterpoise.web.once import once_key
from counterpoise.web.people.models import User
from counterpoise.web.places import AgendaItem, Section, agenda_since

_LAST = 32_000
"""The place of points that people bring: after those of the agenda."""


def last_held_at() -> dt.datetime | None:
    """Return when both sides last sat together."""
    found = JointReview.objects.filter(state=ReviewState.HELD).order_by("-begun_at").first()
    return found.begun_at if found else None


def begin(user: User, review_id: int, now: dt.datetime | None = None) -> JointReview:
    """Begin a planned review: from now on everybody who is there writes.

    Raises:
        NotYoursError: If they do not lead.
        ReviewError: If it is not planned any more, or another one is open.
    """
    refuse_unless_leading(user)
    found = agenda_since(last_held_at())
    at = now or timezone.now()
    try:
        with transaction.atomic():
            planned = JointReview.objects.filter(pk=review_id, state=ReviewState.PLANNED)
            if not planned.update(state=ReviewState.OPEN, begun_at=at):
                raise ReviewError("This review was begun or skipped already.")
            review = JointReview.objects.get(pk=review_id)
            Point.objects.bulk_create(points_of(review, found))
            mark_there(review, user)
            record(user, "joint_review.begun", named(review), {"points": len(found)})
    except IntegrityError as error:
        raise ReviewError(
            "Another review is still open; close its minutes before the next begins."
        ) from error
    return review


def come(user: User, review_id: int) -> None:
    """Note that somebody is there, or means to come to a planned review.

    Raises:
        ReviewError: If it is over.
    """
    with transaction.atomic():
        review = JointReview.objects.select_for_update().get(pk=review_id)
        if not (review.is_open or review.is_planned):
            raise ReviewError("This review is over.")
        if review.is_open:
            mark_there(review, user)
        else:
            Presence.objects.get_or_create(review=review, user=user, defaults={"side": user.side})


def mark_there(review: JointReview, user: User) -> None:
    """Note that somebody is at an open review."""
    came = {"side": user.side, "is_there": True}
    already = Presence.objects.filter(review=review, user=user, is_there=True).exists()
    if not already:
        Presence.objects.update_or_create(review=review, user=user, defaults=came)
        JointReview.objects.filter(pk=review.pk).update(changes=F("changes") + 1)


def bring(user: User, review_id: int, says: str, token: str) -> Point:
    """Bring a point of one's own to a review that is planned or open; a form brings one.

    Raises:
        ReviewError: If the review is over or full, or the point says nothing.
    """
    said = " ".join(says.split())
    if not said:
        raise ReviewError("Say what you want to speak of.")
    with transaction.atomic():
        review = JointReview.objects.select_for_update().get(pk=review_id)
        if not (review.is_open or review.is_planned):
            raise ReviewError("This review is over; bring it to the next one.")
        point, is_new = Point.objects.get_or_create(
            review=review,
            key=once_key(token, user.pk, said),
            defaults={
                "section": ADDED,
                "place": _LAST,
                "says": said[:LONGEST_LINE],
                "side": user.side,
                "added_by": user,
                "changed": review.changes + 1,
                "born": review.changes + 1,
            },
        )
        if is_new:
            if Point.objects.filter(review=review, section=ADDED).count() > MOST:
                raise ReviewError(
                    f"At most {MOST} points are brought to a review; bring it to the next one."
                )
            JointReview.objects.filter(pk=review.pk).update(changes=F("changes") + 1)
            if review.is_open:
                mark_there(review, user)
            record(user, "joint_review.point", named(review), {"point": point.pk})
    return point


def close(user: User, review_id: int, now: dt.datetime | None = None) -> JointReview:
    """Close the minutes of an open review; they stay as they are.

    Raises:
        NotYoursError: If they do not lead.
        ReviewError: If it is not open, or a side is missing.
    """
    refuse_unless_leading(user)
    with transaction.atomic():
        review = JointReview.objects.select_for_update().get(pk=review_id)
        if not review.is_open:
            raise ReviewError(f"This review is {review.state}; only an open one is closed.")
        missing = [side for side in (Side.SALES, Side.MARKETING) if side not in sides_there(review)]
        if missing:
            raise ReviewError(
                f"Nobody of {' and '.join(missing)} is there yet. It is a joint review when both "
                "sides sit together: whoever is there says so on this page."
            )
        review.state, review.ended_at, review.ended_by = (
            ReviewState.HELD.value,
            now or timezone.now(),
            user,
        )
        review.changes += 1
        review.save(update_fields=["state", "ended_at", "ended_by", "changes"])
        record(user, "joint_review.closed", named(review), {})
    return review


def points_of(review: JointReview, items: Iterable[AgendaItem]) -> Iterator[Point]:
    """Yield the points of an agenda, not yet kept; the same thing stands there once."""
    seen: set[str] = set()
    for place, item in enumerate(items):
        says = " ".join(item.says.split())
        key = _key(f"{item.section} {item.url} {says}")
        if key in seen:
            continue
        seen.add(key)
        yield Point(
            review=review,
            section=Section(item.section).value,
            key=key,
            place=place,
            says=says if len(says) <= LONGEST_LINE else says[: LONGEST_LINE - 1] + "…",
            url=item.url if len(item.url) <= LONGEST_URL else "",
            at=item.at,
            side=item.side,
        )


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
