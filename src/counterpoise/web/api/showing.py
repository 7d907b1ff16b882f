"""Requests on record as programs read them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from ninja import Schema

from counterpoise.desk.decision import plain
from counterpoise.web.api.shapes import DecisionShape
from counterpoise.web.desk.models import Request, Step
from counterpoise.web.desk.states import Capacity, Said, State

REQUEST_PARTS = ("steps__answer",)
"""What is read beside requests that are shown."""


class SaidShape(Schema):
    """What an approver said."""

    said: Said
    capacity: Capacity
    decided_at: dt.datetime
    comment: str


class StepShape(Schema):
    """An approval that a request needs."""

    role: str
    clause: str
    due_at: dt.datetime | None
    escalated_to: str | None
    is_covered: bool
    """A former yes holds for it."""
    answer: SaidShape | None


class RequestShape(Schema):
    """A request on record."""

    id: int
    state: State
    asked_at: dt.datetime
    settled_at: dt.datetime | None
    asked_by: str
    deal_id: str | None
    account_id: str | None
    currency: str
    list_amount: float | None
    net_amount: float | None
    rate: float | None
    note: str
    follows: int | None
    approvals: list[StepShape]
    decision: DecisionShape


def show(request: Request) -> dict[str, Any]:
    """Return a request as plain values."""
    return {
        "id": request.pk,
        "state": str(request.state),
        "asked_at": request.asked_at.isoformat(),
        "settled_at": _instant(request.settled_at),
        "asked_by": request.asker_role,
        "deal_id": request.deal_id or None,
        "account_id": request.account_id or None,
        "currency": request.currency,
        "list_amount": _amount(request.list_amount),
        "net_amount": _amount(request.net_amount),
        "rate": _amount(request.rate),
        "note": request.note,
        "follows": request.follows_id,
        "approvals": [_step(step) for step in request.steps.all()],
        "decision": request.decision,
    }


def _step(step: Step) -> dict[str, Any]:
    answer = getattr(step, "answer", None)
    return {
        "role": step.role,
        "clause": step.clause,
        "due_at": _instant(step.due_at),
        "escalated_to": step.escalated_to or None,
        "is_covered": step.covered_by_id is not None,
        "answer": answer
        and {
            "said": str(answer.said),
            "capacity": str(answer.capacity),
            "decided_at": answer.decided_at.isoformat(),
            "comment": answer.comment,
        },
    }


def _instant(when: dt.datetime | None) -> str | None:
    return None if when is None else when.isoformat()


def _amount(amount: Decimal | None) -> Any:
    return plain(amount)
