"""Planning joint reviews: as the agreement's rhythm has it, moved or skipped by who leads."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from counterpoise.agreement import Agreement
from counterpoise.desk.customization import period_of
from counterpoise.errors import CounterpoiseError
from counterpoise.web import house
from counterpoise.web.audit.entries import record
from counterpoise.web.joint.models import JointReview, Presence, Rhythm
from counterpoise.web.joint.rights import refuse_unless_leading
from counterpoise.web.joint.schedule import Slot, When, slots
from counterpoise.web.joint.states import ReviewState
from counterpoise.web.people.models import User

_USUAL = When(0, dt.time(10))
_USUAL_MINUTES = 45
_AHEAD = 2
"""How many reviews are looked at in any case: that of this stretch and of the next."""

_FURTHEST = 10
"""How many are looked at where those were held already."""

_MOVED = dt.timedelta(days=366)
"""How far ahead one is moved at most; a day beyond that is mistyped."""


MOST = 200
"""So many points are brought to one review, and so many decisions and actions written down."""


class ReviewError(CounterpoiseError, ValueError):
    """A joint review cannot be planned, begun, written or closed like this."""


def agreement_of(today: dt.date) -> Agreement | None:
    """Return the agreement in force on a day, else the latest, None before the first."""
    agreements = house.agreements()
    version = agreements.on(today) or agreements.latest
    return version.agreement if version else None


def rhythm() -> Rhythm:
    """Return when reviews are held; the usual until somebody says."""
    return Rhythm.objects.filter(pk=1).first() or Rhythm(pk=1, **_usual_times())


def _usual_times() -> dict[str, Any]:
    return {"weekday": _USUAL.weekday, "at": _USUAL.at, "minutes": _USUAL_MINUTES}


def go_on(now: dt.datetime) -> list[JointReview]:
    """Plan what is due once both sides sit together at all: once somebody planned the first."""
    return plan(now) if Rhythm.objects.exists() else []


def plan(now: dt.datetime) -> list[JointReview]:
    """Plan the reviews of this stretch and the next, and at least one that is still to come."""
    today = timezone.localdate(now)
    agreement = agreement_of(today)
    if agreement is None:
        return []
    usual = rhythm()
    zone = ZoneInfo(house.workspace().time_zone)
    made: list[JointReview] = []
    wanted = slots(agreement, When(usual.weekday, usual.at), zone, today)
    for number, slot in enumerate(islice(wanted, _FURTHEST)):
        if number >= _AHEAD and _one_is_to_come(now):
            break
        planned = _planned(slot, usual, now) if slot.starts_at > now else None
        made += [planned] if planned else []
    return made


def _one_is_to_come(now: dt.datetime) -> bool:
    return JointReview.objects.filter(state=ReviewState.PLANNED, starts_at__gt=now).exists()


def _planned(slot: Slot, usual: Rhythm, now: dt.datetime) -> JointReview | None:
    """Plan one; None where another worker just did, or its days are those of another review."""
    overlapping = JointReview.objects.filter(period_on__lte=slot.last, until_on__gte=slot.first)
    try:
        with transaction.atomic():
            if overlapping.exists():  # the rhythm changed in the middle of a stretch
                return None
            made = JointReview.objects.create(
                period_on=slot.first,
                until_on=slot.last,
                starts_at=slot.starts_at,
                minutes=usual.minutes,
                place=usual.place,
                planned_at=now,
            )
            invited = [
                Presence(review=made, user=user, side=user.side) for user in _asked_to_come()
            ]
            Presence.objects.bulk_create(invited)
            detail = {"period": slot.first.isoformat(), "starts_at": slot.starts_at.isoformat()}
            record(None, "joint_review.planned", named(made), {**detail})
    except IntegrityError:
        return None
    return made


def _asked_to_come() -> list[User]:
    """Return who signs for a side, and who was there last time."""
    last = JointReview.objects.filter(state=ReviewState.HELD).first()
    came = Presence.objects.filter(review=last, is_there=True).values("user_id") if last else []
    active = User.objects.filter(is_active=True)
    return list((active.filter(may_sign=True) | active.filter(pk__in=came)).distinct())


def plan_now(user: User, now: dt.datetime | None = None) -> JointReview | None:
    """Plan the next review; from the first on the room plans by itself.

    Raises:
        NotYoursError: If they do not lead.
        ReviewError: If no agreement says how often, or nothing is left to plan.
    """
    refuse_unless_leading(user)
    at = now or timezone.now()
    if agreement_of(timezone.localdate(at)) is None:
        raise ReviewError("The agreement says how often both sides sit together; there is none.")
    Rhythm.objects.get_or_create(pk=1, defaults={**_usual_times(), "changed_at": at})
    made = plan(at)
    if not made and next_review() is None:
        raise ReviewError("Nothing is left to plan in this stretch and the next.")
    return made[0] if made else None


def next_review() -> JointReview | None:
    """Return the review that is open, else the first that is planned."""
    found = JointReview.objects.filter(state__in=[ReviewState.OPEN, ReviewState.PLANNED])
    open_one = found.filter(state=ReviewState.OPEN).first()
    return open_one or found.order_by("starts_at", "pk").first()


def change_rhythm(user: User, when: When, minutes: int, place: str) -> None:
    """Say when reviews are held; those that are planned move along.

    Raises:
        NotYoursError: If they do not lead.
    """
    refuse_unless_leading(user)
    now = timezone.now()
    with transaction.atomic():
        told = {"weekday": when.weekday, "at": when.at, "minutes": minutes, "place": place}
        Rhythm.objects.update_or_create(pk=1, defaults={**told, "changed_at": now})
        zone = ZoneInfo(house.workspace().time_zone)
        agreement = agreement_of(timezone.localdate(now))
        wanted = slots(agreement, when, zone, timezone.localdate(now)) if agreement else iter(())
        for slot in islice(wanted, _FURTHEST):
            if slot.starts_at > now:
                planned = JointReview.objects.filter(
                    period_on=slot.first, state=ReviewState.PLANNED
                )
                planned.update(
                    starts_at=slot.starts_at, minutes=minutes, place=place, moves=F("moves") + 1
                )
        said = {"weekday": when.weekday, "minutes": minutes}
        record(user, "joint_review.rhythm", "joint_review", {**said, "at": when.at.isoformat()})


def move(user: User, review_id: int, starts_at: dt.datetime) -> JointReview:
    """Hold a planned review at another moment.

    Raises:
        NotYoursError: If they do not lead.
        ReviewError: If it is not planned any more, or the moment is over or far ahead.
    """
    refuse_unless_leading(user)
    if starts_at <= timezone.now():
        raise ReviewError("Choose a moment that is still to come.")
    if starts_at > timezone.now() + _MOVED:
        raise ReviewError("That is more than a year ahead; choose a day nearer to now.")
    last = timezone.localdate(starts_at)
    with transaction.atomic():
        review = _still_planned(review_id)
        after = JointReview.objects.filter(period_on__gt=review.period_on).order_by("period_on")
        following = after.first()
        if following is not None and starts_at >= following.starts_at:
            raise ReviewError("The next one is before that; skip this one instead.")
        review.starts_at, review.moves = starts_at, review.moves + 1
        review.until_on = max(_end_of_stretch(review), last)
        review.save(update_fields=["starts_at", "moves", "until_on"])
        record(user, "joint_review.moved", named(review), {"to": starts_at.isoformat()})
    return review


def skip(user: User, review_id: int, reason: str) -> JointReview:
    """Skip a planned review, with the reason that both sides read.

    Raises:
        NotYoursError: If they do not lead.
        ReviewError: If it is not planned any more, or no reason is given.
    """
    refuse_unless_leading(user)
    said = " ".join(reason.split())
    if not said:
        raise ReviewError("Say why: both sides read it, and skipped reviews are counted.")
    with transaction.atomic():
        review = _still_planned(review_id)
        _end(review, user, said)
        record(user, "joint_review.skipped", named(review), {})
    return review


def skip_what_is_over(now: dt.datetime) -> int:
    """See which planned reviews were not begun in their stretch, and return how many."""
    today, skipped = timezone.localdate(now), 0
    over = JointReview.objects.filter(state=ReviewState.PLANNED, until_on__lt=today)
    for review in over:
        with transaction.atomic():
            mine = JointReview.objects.filter(pk=review.pk, state=ReviewState.PLANNED)
            if mine.update(
                state=ReviewState.SKIPPED, ended_at=now, reason="", moves=F("moves") + 1
            ):
                record(None, "joint_review.skipped", named(review), {})
                skipped += 1
    return skipped


def named(review: JointReview) -> str:
    """Return how the trail names a review."""
    return f"joint_review:{review.pk}"


def _end_of_stretch(review: JointReview) -> dt.date:
    agreement = agreement_of(review.period_on)
    if agreement is None:
        return review.until_on
    starts = agreement.company.fiscal_year_starts
    return period_of(review.period_on, agreement.review.every, starts)[1]


def _still_planned(review_id: int) -> JointReview:
    review = JointReview.objects.select_for_update().get(pk=review_id)
    if not review.is_planned:
        raise ReviewError(f"This review is {review.state} already; what you sent changed nothing.")
    return review


def _end(review: JointReview, user: User, reason: str) -> None:
    review.state, review.reason = ReviewState.SKIPPED.value, reason
    review.ended_at, review.ended_by = timezone.now(), user
    review.moves += 1
    review.save(update_fields=["state", "reason", "ended_at", "ended_by", "moves"])
