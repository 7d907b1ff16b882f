"""The course of a hand-off, from what was reported of it in any order.

Two sources may tell of the same thing, late, twice or before what came first. The earliest wins:
a response counts from the first that is known, and the first verdict stands. What cannot be is put
right: a verdict is a response, and who responded had the lead by then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from counterpoise.web.handoffs.states import VERDICTS, LeadEvent, LeadState


@dataclass(frozen=True, order=True)
class Report:
    """That something happened to a lead."""

    at: dt.datetime
    kind: LeadEvent
    person_id: str = ""
    """To whom it was assigned, or who responded."""
    reason: str = ""
    deal_id: str = ""


@dataclass(frozen=True)
class Course:
    """Where a lead stands and when it came there; `passed ≤ assigned ≤ responded ≤ verdict`."""

    state: LeadState
    passed_at: dt.datetime
    owner_id: str = ""
    assigned_at: dt.datetime | None = None
    responded_at: dt.datetime | None = None
    responder_id: str = ""
    verdict_at: dt.datetime | None = None
    reason: str = ""
    deal_id: str = ""


def course_of(reports: Iterable[Report]) -> Course:
    """Return the course that reports tell of; their order and repetitions make no difference.

    >>> monday = dt.datetime(2026, 6, 29, 9)
    >>> told = [
    ...     Report(monday.replace(hour=11), LeadEvent.ACCEPTED, "R1"),
    ...     Report(monday, LeadEvent.PASSED),
    ... ]
    >>> course = course_of(told)
    >>> course.state.value, course.owner_id, course.responded_at.hour, course.verdict_at.hour
    ('accepted', 'R1', 11, 11)
    """
    told = sorted(set(reports))
    passed = next(each for each in told if each.kind is LeadEvent.PASSED).at
    verdict = next((each for each in told if each.kind in VERDICTS), None)
    answers = (each for each in told if each.kind is LeadEvent.RESPONDED or each.kind in VERDICTS)
    response = next(answers, None)
    given = [each for each in told if each.kind is LeadEvent.ASSIGNED]
    responded_at = max(passed, response.at) if response else None
    starts = [max(passed, each.at) for each in given[:1]]
    assigned_at = min([*starts, *([responded_at] if responded_at else [])], default=None)
    responder = response.person_id if response else ""
    return Course(
        state=_state(verdict, response, is_assigned=bool(given)),
        passed_at=passed,
        owner_id=given[-1].person_id if given else responder,
        assigned_at=assigned_at,
        responded_at=responded_at,
        responder_id=responder,
        verdict_at=max(passed, verdict.at) if verdict else None,
        reason=verdict.reason if verdict else "",
        deal_id=next((each.deal_id for each in told if each.kind is LeadEvent.LINKED), ""),
    )


def _state(verdict: Report | None, response: Report | None, *, is_assigned: bool) -> LeadState:
    if verdict is not None:
        return LeadState(verdict.kind.value)
    if response is not None:
        return LeadState.ANSWERED
    return LeadState.ASSIGNED if is_assigned else LeadState.WAITING
