"""What hand-offs bring to a joint review: how many leads wait too long; no lead by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db.models import Min, Q
from django.urls import reverse
from django.utils import timezone

from counterpoise.agreement import Side
from counterpoise.web.handoffs.models import Handoff
from counterpoise.web.handoffs.states import UNANSWERED, LeadState
from counterpoise.web.places import AgendaItem, Section
from counterpoise.web.shell.templatetags.figures import counted


def on_agenda(since: dt.datetime | None) -> Sequence[AgendaItem]:  # noqa: ARG001 - as it stands now
    """Return the leads beyond the time in which sales promised to answer or to judge them."""
    now = timezone.now()
    late = Q(state__in=sorted(UNANSWERED), respond_by__lt=now)
    unjudged = Q(state=LeadState.ANSWERED, judge_by__lt=now)
    return [
        *_late(late, "respond_by", "without a response beyond the promised time"),
        *_late(unjudged, "judge_by", "without a verdict beyond the promised time"),
    ]


def _late(which: Q, due: str, says: str) -> Iterator[AgendaItem]:
    found = Handoff.objects.filter(which)
    count = found.count()
    if count:
        first = found.aggregate(first=Min(due))["first"]
        url = reverse("handoffs:teams")
        said = f"{counted(count, 'lead')} {says}"
        yield AgendaItem(Section.WAITING_REQUESTS, said, url, first, Side.SALES.value)
