"""Bars that stand in tables: where each begins and how long it is, as shares of 100."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from counterpoise.ledger import Review
from counterpoise.ledger.groups import Group
from counterpoise.ledger.waterfall import Step, StepName

_STANDS = (StepName.LIST, StepName.NET, StepName.MARGIN)
_KINDS = {
    StepName.WITHIN_AUTHORITY: "given",
    StepName.APPROVED: "given",
    StepName.UNJUDGED: "given",
    StepName.LEAKAGE: "leaked",
    StepName.CUSTOMIZATION: "cost",
    StepName.ADJUSTMENTS: "cost",
    StepName.COST: "cost",
}


@dataclass(frozen=True)
class Balance:
    """Value held and value given as shares of 100, and where the goal puts the fulcrum."""

    held: float
    given: float
    goal: float | None = None


@dataclass(frozen=True)
class StepBar:
    """A step of the waterfall and the stretch that it covers."""

    step: Step
    start: float
    length: float
    kind: str

    @property
    def stands(self) -> bool:
        """Tell whether the step is a sum that the others lead to."""
        return self.step.step in _STANDS


def balance(review: Review) -> Balance | None:
    """Return the balance of a review; None where nothing was held or given."""
    totals = review.ledger.totals
    goals = [goal.target for goal in review.goals if goal.metric == "price_realization"]
    found = _weighed(totals.value_held, totals.value_given, totals.value_held + totals.value_given)
    if found is None:
        return None
    return Balance(found.held, found.given, float(goals[0] * 100) if goals else None)


def group_bars(rows: Iterable[Group]) -> list[tuple[Group, Balance | None]]:
    """Return each group with its balance, all on the scale of the largest."""
    found = list(rows)
    sizes = [row.totals.value_held + row.totals.value_given for row in found]
    most = max(sizes, default=Decimal(0))
    return [(row, _weighed(row.totals.value_held, row.totals.value_given, most)) for row in found]


def step_bars(review: Review) -> list[StepBar]:
    """Return the waterfall of a review."""
    return bars_of(review.ledger.waterfall, review.ledger.totals.list_revenue)


def bars_of(steps: Iterable[Step], whole: Decimal) -> list[StepBar]:
    """Return a waterfall, each step beginning where the one before ends; `whole` fills the bar."""
    bars, level = [], Decimal(0)
    for step in steps:
        before = Decimal(0) if step.step in _STANDS else level
        level = before + step.amount
        low, high = sorted((max(before, Decimal(0)), max(level, Decimal(0))))
        start, end = (_part(each, whole) for each in (low, high))
        bars.append(StepBar(step, start, end - start, _KINDS.get(step.step, "held")))
    return bars


def _weighed(held: Decimal, given: Decimal, whole: Decimal) -> Balance | None:
    if whole <= 0:
        return None
    return Balance(_part(held, whole), _part(given, whole))


def _part(amount: Decimal, whole: Decimal) -> float:
    """Return a share of 100, within the bar."""
    return min(max(float(amount / whole * 100), 0.0), 100.0) if whole > 0 else 0.0
