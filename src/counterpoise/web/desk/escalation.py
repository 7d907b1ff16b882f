"""Escalation: who lets a request wait is reminded, and then somebody above is asked.

Run again at any time, it does nothing twice: what it marks is marked only where it was not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from counterpoise.web import house
from counterpoise.web.audit.entries import record
from counterpoise.web.desk.deciders import Party, holders
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
    reminded = sum(_remind(step, at) for step in _waiting(remind_at__lte=at, reminded_at=None))
    overdue = _waiting(due_at__lte=at, escalated_at=None)
    escalated = sum(_hand_on(step, at) for step in overdue)
    old = Request.objects.filter(state=State.OPEN, asked_at__lte=at - EXPIRES_AFTER)
    expired = sum(expire(request, at, "unanswered") for request in old)
    return Escalated(reminded, escalated, expired)


def escalate_unanswerable(request: Request, party: Party, now: dt.datetime) -> None:
    """Hand on at once what nobody may answer who holds the role."""
    for step in request.steps.filter(covered_by=None):
        if not holders(step.role, party, now):
            _hand_on_to(step, party, now)


def expire(request: Request, now: dt.datetime, why: str) -> bool:
    """End an open request without an answer; tell whether it was open."""
    with transaction.atomic():
        open_one = Request.objects.filter(pk=request.pk, state=State.OPEN)
        if not open_one.update(state=State.EXPIRED, settled_at=now):
            return False
        _note([request.pk], Happening.EXPIRED, now, why=why)
        record(None, "request.expired", f"request:{request.pk}", {"why": why})
    return True


def escalate_to(request: Request) -> str:
    """Return the role above, by the agreement that the request was decided by, or nothing."""
    for version in house.agreements().versions:
        if version.fingerprint == request.agreement:
            return version.agreement.approvals.escalate_to or ""
    return ""


def _waiting(**when: object) -> QuerySet[Step]:
    return Step.objects.filter(
        request__state=State.OPEN, answer__isnull=True, covered_by=None, **when
    ).select_related("request")


def _remind(step: Step, now: dt.datetime) -> bool:
    with transaction.atomic():
        if not Step.objects.filter(pk=step.pk, reminded_at=None).update(reminded_at=now):
            return False
        _note([step.request_id], Happening.REMINDED, now, role=step.role)
        record(None, "request.reminded", f"request:{step.request_id}", {"role": step.role})
    return True


def _hand_on(step: Step, now: dt.datetime) -> bool:
    return _hand_on_to(step, Party.of(step.request), now)


def _hand_on_to(step: Step, party: Party, now: dt.datetime) -> bool:
    """Let the role above answer too, where somebody there may; tell whether it was done."""
    above = escalate_to(step.request)
    if not above or above == step.role or not holders(above, party, now):
        return False
    with transaction.atomic():
        mine = Step.objects.filter(pk=step.pk, escalated_at=None)
        if not mine.update(escalated_at=now, escalated_to=above):
            return False
        _note([step.request_id], Happening.ESCALATED, now, role=step.role, to=above)
        detail = {"role": step.role, "to": above}
        record(None, "request.escalated", f"request:{step.request_id}", detail)
    return True


def _note(requests: Iterable[int], kind: Happening, now: dt.datetime, **detail: str) -> None:
    Event.objects.bulk_create(
        Event(request_id=each, kind=kind, at=now, detail=detail) for each in requests
    )
