"""What joint reviews add to the home page: what one promised there, and what others did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from counterpoise.web.joint.agenda import address_of
from counterpoise.web.joint.models import Action, JointReview, Presence
from counterpoise.web.joint.states import ActionState, ReviewState
from counterpoise.web.people.models import User
from counterpoise.web.places import Item
from counterpoise.web.signs import Signs

_MOST = 20
_KIND = "review"
_AHEAD = dt.timedelta(days=2)


def signs_of_waiting(user: User) -> Signs:
    """Return the reviews that are open or near, and a person's open actions."""
    near = JointReview.objects.filter(
        state__in=[ReviewState.OPEN, ReviewState.PLANNED],
        starts_at__lt=timezone.now() + _AHEAD,
    )
    return (
        near.filter(pk__in=Presence.objects.filter(user=user).values("review_id")),
        Action.objects.filter(owner=user, state=ActionState.OPEN),
    )


def signs_of_news(user: User, since: dt.datetime) -> Signs:
    """Return reviews that are over, and what others did of what was promised."""
    return (
        JointReview.objects.filter(ended_at__gt=since).exclude(ended_by=user),
        Action.objects.filter(state=ActionState.DONE, settled_at__gt=since).exclude(
            settled_by=user
        ),
    )


def waits_for(user: User) -> Sequence[Item]:
    """Return the review that is open or near, and one's own open actions."""
    near, own = signs_of_waiting(user)
    return [*_reviews(near), *_actions(own)]


def happened_since(user: User, since: dt.datetime) -> Sequence[Item]:
    """Return reviews that were held or skipped, and what others did of what was promised."""
    over, done = signs_of_news(user, since)
    items = []
    for review in over[:_MOST]:
        held = f"{_decided(review)} decided" if review.is_held else "skipped"
        items.append(Item(f"Joint review: {held}", _url(review), review.ended_at, _KIND))
    found = done.select_related("point").order_by("-settled_at", "-pk")
    return [
        *items,
        *(
            Item(f"Done, as promised: {_line(each.text)}", address_of(each), each.settled_at, _KIND)
            for each in found[:_MOST]
        ),
    ]


def _reviews(near: QuerySet[JointReview]) -> list[Item]:
    return [
        Item(
            "The joint review is open: join it" if review.is_open else "Joint review of both sides",
            _url(review),
            review.starts_at,
            _KIND,
        )
        for review in near.order_by("starts_at", "pk")[:_MOST]
    ]


def _actions(own: QuerySet[Action]) -> list[Item]:
    return [
        Item(f"Do, as promised: {_line(each.text)}", reverse("joint:home"), _end(each), _KIND)
        for each in own.select_related("point").order_by("due_on", "pk")[:_MOST]
    ]


def _decided(review: JointReview) -> int:
    return sum(point.decisions.filter(struck_at=None).count() for point in review.points.all())


def _end(action: Action) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(action.due_on, dt.time(23, 59)))


def _line(text: str) -> str:
    said = " ".join(text.split())
    return f"{said[:79].rstrip()}…" if len(said) > 80 else said


def _url(review: JointReview) -> str:
    return reverse("joint:review", args=[review.pk])
