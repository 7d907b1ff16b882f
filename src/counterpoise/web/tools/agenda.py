"""What the tools bring to a joint review: what sellers asked marketing and nobody answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db.models import Min
from django.urls import reverse

from counterpoise.agreement import Side
from counterpoise.web.places import AgendaItem, Section
from counterpoise.web.shell.templatetags.figures import counted
from counterpoise.web.tools.inbox import overdue
from counterpoise.web.tools.models import Message
from counterpoise.web.tools.states import MessageKind, MessageState


def on_agenda(since: dt.datetime | None) -> Sequence[AgendaItem]:  # noqa: ARG001 - as it stands now
    """Return how many requests for tools and words from customers wait for marketing."""
    return [
        *_open(MessageKind.REQUEST, "request", "for a tool", "tools:requests"),
        *_open(MessageKind.NOTE, "note", "from customers", "tools:notes"),
    ]


def _open(kind: MessageKind, thing: str, about: str, page: str) -> Iterator[AgendaItem]:
    found = Message.objects.filter(kind=kind, state=MessageState.OPEN)
    count = found.count()
    if count:
        late = found.filter(overdue()).count()
        beyond = f", {late} of them beyond the promised time" if late else ""
        verb = "waits" if count == 1 else "wait"
        says = f"{counted(count, thing)} {about} {verb} for an answer{beyond}"
        first = found.aggregate(first=Min("due_at"))["first"]
        side = Side.MARKETING.value
        yield AgendaItem(Section.OPEN_QUESTIONS, says, reverse(page), first, side)
