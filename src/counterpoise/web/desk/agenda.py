"""What the desk brings to a joint review: how many requests wait, and for whom; no deal by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db.models import Min
from django.urls import reverse
from django.utils import timezone

from counterpoise.agreement import Side
from counterpoise.web.desk.models import Request, Step
from counterpoise.web.desk.states import State
from counterpoise.web.places import AgendaItem, Section
from counterpoise.web.shell.templatetags.figures import counted, words


def on_agenda(since: dt.datetime | None) -> Sequence[AgendaItem]:  # noqa: ARG001 - as it stands now
    """Return the requests that wait for an answer, by the role that gives it."""
    return list(_waiting())


def _waiting() -> Iterator[AgendaItem]:
    open_ones = Request.objects.filter(state=State.OPEN)
    steps = Step.objects.filter(request__in=open_ones, answer=None, covered_by=None)
    url, now = reverse("desk:approvals"), timezone.now()
    for role in sorted(set(steps.values_list("role", flat=True))):
        own = steps.filter(role=role)
        waiting = own.values("request").distinct().count()
        late = own.filter(due_at__lt=now).values("request").distinct().count()
        first = own.aggregate(first=Min("due_at"))["first"]
        verb = "waits" if waiting == 1 else "wait"
        says = f"{counted(waiting, 'request')} for a discount {verb} for the {words(role)}"
        if late:
            says += f", {late} beyond the promised time"
        yield AgendaItem(Section.WAITING_REQUESTS, says, url, first, Side.SALES.value)
