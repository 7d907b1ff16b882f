"""What promotions bring to a joint review: how many requests wait, and for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone

from counterpoise.agreement import Side
from counterpoise.web.desk.deciders import side_of
from counterpoise.web.desk.states import State
from counterpoise.web.places import AgendaItem, Section
from counterpoise.web.promotions.models import PromotionStep
from counterpoise.web.shell.templatetags.figures import counted, words


def on_agenda(since: dt.datetime | None) -> Sequence[AgendaItem]:  # noqa: ARG001 - as it stands now
    """Return the promotions that wait for an answer, by the role that gives it."""
    return list(_waiting())


def _waiting() -> Iterator[AgendaItem]:
    steps = PromotionStep.objects.filter(promotion__state=State.OPEN, answer=None, covered_by=None)
    by_role = steps.values("role").annotate(
        many=Count("promotion", distinct=True), first=Min("due_at")
    )
    now = timezone.now()
    for each in by_role.order_by("role"):
        role, many = each["role"], each["many"]
        late = steps.filter(role=role, due_at__lt=now).values("promotion").distinct().count()
        verb = "waits" if many == 1 else "wait"
        says = f"{counted(many, 'promotion')} {verb} for the {words(role)}"
        if late:
            says += f", {late} beyond the promised time"
        side = side_of(role) or Side.BOTH
        url = f"{reverse('promotions:calendar')}#asked-{role}"
        yield AgendaItem(Section.WAITING_REQUESTS, says, url, each["first"], side.value)
