"""Telling people what happened to requests: those who may answer, and who asked.

It reads the story that the desk writes anyway, and tells each part of it once, so that neither a
worker that died nor one that runs twice makes a difference.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from counterpoise.web.desk.deciders import Party, holders
from counterpoise.web.desk.models import Event, Request
from counterpoise.web.desk.states import Happening
from counterpoise.web.notices.models import Notice
from counterpoise.web.notices.telling import notify
from counterpoise.web.people.models import User
from counterpoise.web.shell.templatetags.figures import percent, words

_KEY = "request-event:"
_LATEST = dt.timedelta(days=1)
_TO_ANSWER = {
    Happening.ASKED: "A request waits for your answer",
    Happening.REMINDED: "A request still waits for your answer",
    Happening.ESCALATED: "A request was handed on to you",
}
_ANSWERED = {
    Happening.APPROVED: "Your request was approved",
    Happening.REFUSED: "Your request was refused",
    Happening.COUNTERED: "Your request has a counter-offer",
    Happening.EXPIRED: "Your request ended without an answer",
}


def tell_what_happened(now: dt.datetime) -> int:
    """Tell what happened of late and was not told yet, and return how many notices there are."""
    told = Notice.objects.filter(key=OuterRef("key"))
    key = Concat(Value(_KEY), Cast("pk", CharField()), output_field=CharField())
    found = (
        Event.objects.filter(at__gt=now - _LATEST, kind__in=[*_TO_ANSWER, *_ANSWERED])
        .annotate(key=key)
        .filter(~Exists(told))
        .select_related("request__asker")
        .order_by("at", "pk")
    )
    return sum(_tell(event, now) for event in found)


@transaction.atomic
def _tell(event: Event, now: dt.datetime) -> int:
    """Tell everybody concerned or nobody: who is told first says that it was told."""
    request, kind = event.request, Happening(event.kind)
    url = reverse("desk:request", args=[request.pk])
    key = f"{_KEY}{event.pk}"
    if kind in _ANSWERED:
        text = f"Request {request.pk}{_rate(request)}."
        return notify(request.asker, _ANSWERED[kind], text, url, key=key) is not None
    if not request.is_open:
        return 0
    role = _role(event)
    who = f", for {words(role)}" if role else ""
    text = f"{request.asker} asks{_rate(request)}. Request {request.pk}{who}."
    to = dict.fromkeys(_asked(event, now))
    return sum(notify(user, _TO_ANSWER[kind], text, url, key=key) is not None for user in to)


def _asked(event: Event, now: dt.datetime) -> Iterator[User]:
    """Yield those who may answer what an event is about."""
    party = Party.of(event.request)
    if role := _role(event):
        yield from holders(role, party, now)
        return
    for step in event.request.steps.filter(answer__isnull=True, covered_by=None):
        yield from holders(step.role, party, now)


def _role(event: Event) -> str:
    return str(event.detail.get("to") or event.detail.get("role") or "")


def _rate(request: Request) -> str:
    return "" if request.rate is None else f" for {percent(request.rate)}"
