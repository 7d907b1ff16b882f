"""Escalation: an unanswered lead goes up the agreed ladder, rung by rung, each once.

When a response is overdue, the next role of sales above the owner's is asked; when the same time
has passed again, the role of `approvals.escalate_to`. A lead that nobody could be given is with
that role at once. Who is asked may answer it or give it to somebody.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from counterpoise.agreement import Agreement, Side
from counterpoise.web.audit.entries import record
from counterpoise.web.handoffs.clocks import after, calendar_of, version_named
from counterpoise.web.handoffs.models import Handoff, Happening
from counterpoise.web.handoffs.states import UNANSWERED, LeadEvent, ReportSource
from counterpoise.web.live import live
from counterpoise.web.people.ladder import ladder_role

_AT_ONCE = 500


def escalate(now: dt.datetime | None = None) -> int:
    """Let every overdue lead go a rung up, and return how many did; run again, it does nothing."""
    at = now or timezone.now()
    overdue = Handoff.objects.filter(state__in=UNANSWERED, escalate_at__lte=at)
    return sum(_step_up(each, at) for each in overdue.order_by("escalate_at", "pk")[:_AT_ONCE])


def ask_above(handoff: Handoff, now: dt.datetime) -> bool:
    """Ask the highest rung at once, for a lead that nobody could be given."""
    version = version_named(handoff.agreement)
    rungs = rungs_of(version.agreement, "") if version else ()
    return bool(rungs) and _ask(handoff, rungs[-1], None, now)


def rungs_of(agreement: Agreement, owner_role: str) -> tuple[str, ...]:
    """Return the roles that are asked, one after the other, about a lead that this role has.

    For a lead of nobody the role is "", and only the last is asked.
    """
    asked = [role for role in agreement.ladder if agreement.roles[role].side is not Side.MARKETING]
    last = agreement.approvals.escalate_to or next(reversed(asked), "")
    above = asked[asked.index(owner_role) + 1 :] if owner_role in asked else []
    rungs = dict.fromkeys([*above[:1], last])
    return tuple(role for role in rungs if role and role != owner_role)


def _step_up(handoff: Handoff, now: dt.datetime) -> bool:
    version = version_named(handoff.agreement)
    if version is None or handoff.escalate_at is None:
        return False
    agreement, place = version.agreement, handoff.escalations
    rungs = rungs_of(agreement, _role_of(handoff.owner_person_id, agreement))
    if place >= len(rungs):
        Handoff.objects.filter(pk=handoff.pk).update(escalate_at=None)
        return False
    within = agreement.handoff.first_response_within
    is_last = place + 1 == len(rungs)
    again = None if is_last else after(handoff.escalate_at, within, calendar_of(agreement))
    return _ask(handoff, rungs[place], again, now)


def _role_of(person_id: str, agreement: Agreement) -> str:
    person = live().person(person_id) if person_id else None
    return (ladder_role(person, agreement, live().attributes) or "") if person else ""


def _ask(handoff: Handoff, role: str, again: dt.datetime | None, now: dt.datetime) -> bool:
    """Ask a role, unless another worker or an answer came first; tell whether it was done."""
    with transaction.atomic():
        mine = Handoff.objects.filter(
            pk=handoff.pk, state__in=UNANSWERED, escalations=handoff.escalations
        )
        count = handoff.escalations + 1
        if not mine.update(escalations=count, escalated_to=role, escalate_at=again):
            return False
        Happening.objects.create(
            handoff=handoff,
            kind=LeadEvent.ESCALATED,
            at=now,
            source=ReportSource.ROOM,
            recorded_at=now,
            detail={"to": role, "rung": count},
        )
        record(None, "lead.escalated", f"handoff:{handoff.pk}", {"to": role, "rung": count})
        handoff.refresh_from_db()
    return True
