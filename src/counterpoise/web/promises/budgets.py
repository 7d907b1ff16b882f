"""Budgets in their present period: agreed, moved, used and left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from counterpoise.web.promises.models import Transfer
from counterpoise.web.promises.states import TransferState
from counterpoise.web.results.reading import KeptReview

_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Budget:
    """A budget as the last review measured it, with what was moved by now."""

    id: str
    of: str
    side: str
    first: dt.date
    last: dt.date
    agreed: Decimal
    moved: Decimal
    """In, less out."""
    used: Decimal | None
    """None where the books do not tell."""

    @property
    def amount(self) -> Decimal:
        """Return what may be used."""
        return self.agreed + self.moved

    @property
    def left(self) -> Decimal | None:
        """Return what is left; below 0 where more was used."""
        return None if self.used is None else self.amount - self.used

    @property
    def to_give(self) -> Decimal:
        """Return what can be moved out: what is left, of an unmeasured one all."""
        return max(Decimal(0), self.amount if self.left is None else self.left)

    @property
    def look(self) -> str:
        """Return whether it holds, as a word for its colour."""
        if self.left is None:
            return "quiet"
        return "bad" if self.left < 0 else "good"

    @property
    def says(self) -> str:
        """Return the same in a word."""
        return {"quiet": "unknown", "bad": "over", "good": "within"}[self.look]

    @property
    def reached(self) -> str:
        """Return the used part of it, of 100."""
        if not self.used or self.amount <= 0:
            return "100" if self.used else "0"
        return f"{min(self.used / self.amount, Decimal(1)) * 100:.2f}"


def budgets_of(kept: KeptReview | None) -> list[Budget]:
    """Return the budgets of both sides, in the agreement's order."""
    told = kept.object.get("budgets", []) if kept else []
    moved = _moved()
    return [_budget(each, moved) for each in told]


def _budget(told: Mapping[str, Any], moved: Mapping[tuple[str, dt.date], Decimal]) -> Budget:
    first = dt.date.fromisoformat(told["first"])
    used = told["spent"]
    return Budget(
        id=told["id"],
        of=told["of"],
        side=told["side"],
        first=first,
        last=dt.date.fromisoformat(told["last"]),
        agreed=_exact(told["amount"]) - _exact(told.get("transferred", 0)),
        moved=moved.get((told["id"], first), Decimal(0)),
        used=None if used is None else _exact(used),
    )


def _moved() -> dict[tuple[str, dt.date], Decimal]:
    """Return what signed transfers moved, by budget and first day of the period."""
    found: dict[tuple[str, dt.date], Decimal] = {}
    signed = Transfer.objects.filter(state=TransferState.SIGNED).order_by()
    for name, sign in (("to_budget", 1), ("from_budget", -1)):
        for row in signed.values(name, "first_on").annotate(whole=Sum("amount")):
            key = (row[name], row["first_on"])
            found[key] = found.get(key, Decimal(0)) + sign * row["whole"]
    return found


def _exact(amount: float) -> Decimal:
    return Decimal(str(amount)).quantize(_CENT)
