"""Promises and budgets of both sides as plain values, for programs."""

from __future__ import annotations

from typing import Any

from counterpoise.web.people.models import User
from counterpoise.web.promises.budgets import Budget, budgets_of
from counterpoise.web.promises.models import Transfer
from counterpoise.web.promises.page import promised
from counterpoise.web.results.reading import KeptReview

_PROMISED = ("side", "id", "says", "status", "kept", "enough", "due", "why")


def promises_object(kept: KeptReview) -> dict[str, Any]:
    """Return what both sides promised and may use, as the page shows it."""
    return {
        "as_of": kept.as_of.isoformat(),
        "promises": [{name: getattr(each, name) for name in _PROMISED} for each in promised(kept)],
        "budgets": [_budget(each) for each in budgets_of(kept)],
    }


def transfer_object(transfer: Transfer) -> dict[str, Any]:
    """Return a transfer as both sides see it."""
    return {
        "id": transfer.pk,
        "from_budget": transfer.from_budget,
        "to_budget": transfer.to_budget,
        "amount": float(transfer.amount),
        "reason": transfer.reason,
        "first_on": transfer.first_on.isoformat(),
        "state": transfer.state,
        "proposed_by": _person(transfer.proposed_by),
        "proposed_side": transfer.proposed_side,
        "proposed_at": transfer.proposed_at.isoformat(),
        "settled_by": transfer.settled_by and _person(transfer.settled_by),
        "settled_at": transfer.settled_at and transfer.settled_at.isoformat(),
        "answer": transfer.answer,
    }


def _person(user: User) -> dict[str, Any]:
    return {"id": user.pk, "name": str(user)}


def _budget(budget: Budget) -> dict[str, Any]:
    amounts = {
        "agreed": budget.agreed,
        "moved": budget.moved,
        "used": budget.used,
        "left": budget.left,
    }
    return {
        "id": budget.id,
        "of": budget.of,
        "side": budget.side,
        "first": budget.first.isoformat(),
        "last": budget.last.isoformat(),
        **{name: None if value is None else float(value) for name, value in amounts.items()},
    }
