"""Escalation: who lets a request wait is reminded, and then somebody above is asked.

Run again at any time, it does nothing twice: what it marks is marked only where it was not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from counterpoise.web.audit.entries import record
from counterpoise.web.desk.deciders import Party, holders
from counterpoise.web.desk.handing_on import Belongs, hand_on, remind
from counterpoise.web.desk.models import Event, Request, Step
from counterpoise.web.desk.states import Happening, State

EXPIRES_AFTER = dt.timedelta(days=90)
"""A request that nobody answered in this time is over; it can be asked again."""


@dataclass(frozen=True)
class Escalated:
    """What one run did."""

    reminded: int = 0
    escalated: int = 0
    expired: int = 0


def escalate(now: dt.datetime | None = None) -> Escalated:
    """Remind of what waits, hand on what is overdue, end what nobody answered."""
    at = now or timezone.now()
    reminded = sum(
        remind(step, _of(step.request), at)
        for step in _waiting(remind_at__lte=at, reminded_at=None)
    )
    overdue = _waiting(due_at__lte=at, escalated_at=None)
    escalated = sum(hand_on(step, _of(step.request), at) for step in overdue)
    old = Request.objects.filter(state=State.OPEN, asked_at__lte=at - EXPIRES_AFTER)
    expired = sum(expire(request, at, "unanswered") for request in old)
    return Escalated(reminded, escalated, expired)


def escalate_unanswerable(request: Request, party: Party, now: dt.datetime) -> None:
    """Hand on at once what nobody may answer who holds the role."""
    for step in request.steps.filter(covered_by=None):
        if not holders(step.role, party, now):
            hand_on(step, replace(_of(request), party=party), now)


def expire(request: Request, now: dt.datetime, why: str) -> bool:
    """End an open request without an answer; tell whether it was open."""
    with transaction.atomic():
        open_one = Request.objects.filter(pk=request.pk, state=State.OPEN)
        if not open_one.update(state=State.EXPIRED, settled_at=now):
            return False
        _note([request.pk], Happening.EXPIRED, now, why=why)
        record(None, "request.expired", f"request:{request.pk}", {"why": why})
    return True


def _waiting(**when: object) -> QuerySet[Step]:
    return Step.objects.filter(
        request__state=State.OPEN, answer__isnull=True, covered_by=None, **when
    ).select_related("request")


def _of(request: Request) -> Belongs:
    return Belongs(
        "request", request.pk, request.agreement, Party.of(request), request.steps.all(), _told
    )


def _told(pk: int, kind: Happening, now: dt.datetime, detail: dict[str, str]) -> None:
    _note([pk], kind, now, **detail)


def _note(requests: Iterable[int], kind: Happening, now: dt.datetime, **detail: str) -> None:
    Event.objects.bulk_create(
        Event(request_id=each, kind=kind, at=now, detail=detail) for each in requests
    )
