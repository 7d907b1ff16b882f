"""What the desk adds to the home page: approvals that wait, and answers to one's own requests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone

from counterpoise.web.desk.approvals import may_wait, waiting_by
from counterpoise.web.desk.deciders import rights_of
from counterpoise.web.desk.models import Event, Request, Step
from counterpoise.web.desk.naming import request_title, state_text
from counterpoise.web.desk.states import Happening, State
from counterpoise.web.people.models import User
from counterpoise.web.places import Item
from counterpoise.web.signs import Signs

_MOST = 20
_NEWS = (
    Happening.APPROVED,
    Happening.REFUSED,
    Happening.COUNTERED,
    Happening.EXPIRED,
    Happening.ESCALATED,
)


def signs_of_waiting(user: User) -> Signs:
    """Return what waits for anybody's answer, and a person's own that were countered."""
    return (
        Step.objects.filter(answer__isnull=True, request__state=State.OPEN),
        Request.objects.filter(asker=user, state=State.COUNTERED, followed_by=None),
    )


def signs_of_news(user: User, since: dt.datetime) -> Signs:
    """Return what happened to a person's own requests."""
    return (Event.objects.filter(request__asker=user, at__gt=since, kind__in=_NEWS),)


def waits_for(user: User) -> Sequence[Item]:
    """Return the approvals that wait for a person, and counters that they have not taken up."""
    _, countered = signs_of_waiting(user)
    rights = rights_of(user, timezone.now())
    items = []
    if may_wait(rights):
        waiting = waiting_by(user, rights).prefetch_related("steps")[:_MOST]
        items = [_item(each, "Answer", _due_at(each), "approval") for each in waiting]
    return items + [
        _item(each, "Take or leave the counter to", each.settled_at, "request")
        for each in countered[:_MOST]
    ]


def happened_since(user: User, since: dt.datetime) -> Sequence[Item]:
    """Return what happened to a person's own requests."""
    (news,) = signs_of_news(user, since)
    events = news.select_related("request").order_by("-at", "-id")
    return [
        Item(
            f"{request_title(each.request)}: {state_text(each.kind)}",
            reverse("desk:request", args=[each.request_id]),
            each.at,
            "request",
        )
        for each in events[:_MOST]
    ]


def _item(request: Request, act: str, at: dt.datetime | None, kind: str) -> Item:
    url = reverse("desk:request", args=[request.pk])
    return Item(f"{act} {request_title(request)}", url, at, kind)


def _due_at(request: Request) -> dt.datetime | None:
    return min((step.due_at for step in request.steps.all() if step.due_at), default=None)
