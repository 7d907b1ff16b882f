"""Keeping a report, and working out anew where a lead stands. Inside a transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from counterpoise.web.handoffs.course import Course, Report, course_of
from counterpoise.web.handoffs.models import Handoff, Happening
from counterpoise.web.handoffs.states import UNANSWERED, LeadEvent, ReportSource
from counterpoise.web.people.models import User


@dataclass(frozen=True)
class Told:
    """A report with who makes it, when, and in which words."""

    report: Report
    recorded_at: dt.datetime
    actor: User | None = None
    source: ReportSource = ReportSource.ROOM
    comment: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


def tell(handoff: Handoff, told: Told) -> bool:
    """Keep a report unless it was told before, and tell whether it is new."""
    report = told.report
    _, is_new = Happening.objects.get_or_create(
        handoff=handoff,
        kind=report.kind,
        at=report.at,
        source=told.source,
        defaults={
            "recorded_at": told.recorded_at,
            "actor": told.actor,
            "person_id": report.person_id,
            "reason": report.reason,
            "deal_id": report.deal_id,
            "comment": told.comment,
            "detail": dict(told.detail),
        },
    )
    if is_new:
        bring_up_to_date(handoff)
    return is_new


def bring_up_to_date(handoff: Handoff) -> None:
    """Write into a hand-off's own row what its reports say."""
    course = course_of(reports_of(handoff))
    changed = {
        name: value for name, value in _row(course).items() if _differs(handoff, name, value)
    }
    if not changed:
        return
    for name, value in changed.items():
        setattr(handoff, name, value)
    handoff.save(update_fields=list(changed))


def reports_of(handoff: Handoff) -> list[Report]:
    """Return everything that was reported of a hand-off."""
    rows = handoff.happenings.exclude(kind=LeadEvent.ESCALATED).values_list(
        "at", "kind", "person_id", "reason", "deal_id"
    )
    return [Report(at, LeadEvent(kind), *rest) for at, kind, *rest in rows]


def _row(course: Course) -> dict[str, Any]:
    row = {
        "state": course.state.value,
        "owner_person_id": course.owner_id,
        "assigned_at": course.assigned_at,
        "responded_at": course.responded_at,
        "responder_id": course.responder_id,
        "verdict_at": course.verdict_at,
        "reason": course.reason,
        "deal_id": course.deal_id,
    }
    return row if course.state in UNANSWERED else {**row, "escalate_at": None}


def _differs(handoff: Handoff, name: str, value: object) -> bool:
    return bool(getattr(handoff, name) != value)
