"""What promotions add to the home page: approvals that wait, and answers to one's own requests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse

from counterpoise.web.desk.states import State
from counterpoise.web.people.models import User
from counterpoise.web.places import Item
from counterpoise.web.promotions.answering import waiting_promotions
from counterpoise.web.promotions.models import AskedPromotion
from counterpoise.web.promotions.naming import promotion_title, state_text
from counterpoise.web.promotions.taking import not_taken
from counterpoise.web.signs import Signs

_MOST = 20


def signs_of_waiting(user: User) -> Signs:
    """Return promotions that wait for anybody's answer, and a person's own that were countered."""
    return (AskedPromotion.objects.filter(_mine(user)),)


def signs_of_news(user: User, since: dt.datetime) -> Signs:
    """Return a person's own promotions that were settled."""
    settled = AskedPromotion.objects.filter(
        asker=user,
        settled_at__gt=since,
        state__in=[State.APPROVED, State.REFUSED, State.COUNTERED, State.EXPIRED],
    )
    return (settled.exclude(verdict="refused"),)


def waits_for(user: User) -> Sequence[Item]:
    """Return what waits for a person's answer, and counters that they have not taken up."""
    asked = AskedPromotion.objects.filter(_mine(user)).order_by()
    there = set(asked.values_list("state", flat=True).distinct())
    items = []
    if State.OPEN in there:
        found = waiting_promotions(user).prefetch_related("steps")[:_MOST]
        items = [
            Item(f"Answer {promotion_title(each)}", _url(each), _due_at(each), "approval")
            for each in found
        ]
    countered = not_taken(user)[:_MOST] if State.COUNTERED in there else ()
    return items + [
        Item(
            f"Take or leave the counter to {promotion_title(each)}",
            _url(each),
            each.settled_at,
            "request",
        )
        for each in countered
    ]


def happened_since(user: User, since: dt.datetime) -> Sequence[Item]:
    """Return what became of a person's own promotions."""
    (settled,) = signs_of_news(user, since)
    return [
        Item(
            f"{promotion_title(each)}: {state_text(each.state)}",
            _url(each),
            each.settled_at,
            "request",
        )
        for each in settled.order_by("-settled_at", "-pk")[:_MOST]
    ]


def _mine(user: User) -> Q:
    return Q(state=State.OPEN) | Q(state=State.COUNTERED, asker=user)


def _url(promotion: AskedPromotion) -> str:
    return reverse("promotions:promotion", args=[promotion.pk])


def _due_at(promotion: AskedPromotion) -> dt.datetime | None:
    return min((step.due_at for step in promotion.steps.all() if step.due_at), default=None)
