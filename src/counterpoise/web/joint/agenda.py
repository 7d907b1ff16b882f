"""What joint reviews themselves bring to the next: what was promised at the last one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from counterpoise.web.joint.models import Action
from counterpoise.web.joint.states import ActionState
from counterpoise.web.places import AgendaItem, Section
from counterpoise.web.shell.templatetags.figures import day

ANCHOR = "action-"


def on_agenda(since: dt.datetime | None) -> Sequence[AgendaItem]:
    """Return the actions that are still open, and those that were settled since."""
    known = Q(state=ActionState.OPEN)
    if since is not None:
        known |= Q(settled_at__gt=since)
    actions = Action.objects.filter(known).select_related("owner", "point")
    return list(_items(actions.order_by("due_on", "pk")))


def _items(actions: Iterable[Action]) -> Iterator[AgendaItem]:
    """Yield actions without their owners' names, which the page adds for as long as they stand."""
    for action in actions:
        end = dt.datetime.combine(action.due_on, dt.time(23, 59))
        says = " ".join(action.text.split())
        yield AgendaItem(
            Section.PROMISED_LAST_TIME,
            says,
            address_of(action),
            timezone.make_aware(end),
            action.owner.side,
        )


def address_of(action: Action) -> str:
    """Return where an action stands: in the minutes that it was written into."""
    return reverse("joint:review", args=[action.point.review_id]) + f"#{ANCHOR}{action.pk}"


def action_id(url: str) -> int | None:
    """Return the action that an address of an agenda's point leads to.

    >>> action_id("/talk/reviews/3/#action-12"), action_id("/cracks/")
    (12, None)
    """
    number = url.rpartition(f"#{ANCHOR}")[2]
    return int(number) if f"#{ANCHOR}" in url and number.isdecimal() else None


def standing_of(action: Action, today: dt.date) -> tuple[str, str]:
    """Return where an action stands, in words, and the tone of it."""
    if action.state == ActionState.DONE:
        return f"done {day(action.settled_at)}", "good"
    if action.state == ActionState.DROPPED:
        return f"dropped {day(action.settled_at)}", "quiet"
    if action.due_on < today:
        return f"overdue since {day(action.due_on)}", "bad"
    return f"due {day(action.due_on)}", "wait"
