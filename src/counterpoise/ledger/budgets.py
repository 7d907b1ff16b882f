"""Budgets: what a side may give away or spend in a period, and how much of it is gone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.document import Budget, Side
from counterpoise.desk.customization import period_of
from counterpoise.ledger.period import Period


class BudgetStatus(StrEnum):
    """How a budget stands."""

    WITHIN = "within"
    OVER = "over"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class BudgetState:
    """A budget in the period that the as-of day lies in, and what of it is spent by that day."""

    id: str
    of: str
    side: Side
    first: dt.date
    last: dt.date
    amount: Decimal
    spent: Decimal | None
    status: BudgetStatus


_Spent = Callable[[Period], ir.Scalar]


def budget_states(period: Period) -> tuple[BudgetState, ...]:
    """Measure every budget of the agreement in its present period."""
    return tuple(_state(budget, period) for budget in period.agreement.budgets)


def _state(budget: Budget, period: Period) -> BudgetState:
    starts = period.agreement.company.fiscal_year_starts
    first, last = period_of(period.last, budget.every, starts)
    present = replace(period, first=max(first, period.first))
    needs, measure = _MEASURES[budget.of]
    spent = None
    if period.last >= period.first and period.view.books.has(needs):
        spent = present.number(measure(present)) or Decimal(0)
    return BudgetState(
        id=budget.id,
        of=budget.of,
        side=budget.side,
        first=first,
        last=last,
        amount=budget.amount,
        spent=spent,
        status=_status(spent, budget.amount),
    )


def _status(spent: Decimal | None, amount: Decimal) -> BudgetStatus:
    if spent is None:
        return BudgetStatus.UNKNOWN
    return BudgetStatus.OVER if spent > amount else BudgetStatus.WITHIN


def _conceded(period: Period) -> ir.Scalar:
    closed = period.closed
    return closed.concession.sum(where=closed.outcome == "won")


def _customized(period: Period) -> ir.Scalar:
    closed = period.closed
    return closed.customization_cost.sum(where=closed.outcome == "won")


def _sum_of(name: str, column: str, at: str) -> _Spent:
    """Return the sum of a column over the rows of a table that start in the period."""

    def measure(period: Period) -> ir.Scalar:
        table = period.view.books.table(name)
        day = table[at].date() if table[at].type().is_timestamp() else table[at]
        inside = day.between(ibis.literal(period.first), ibis.literal(period.last))
        return table[column].sum(where=inside)

    return measure


_MEASURES: Mapping[str, tuple[str, _Spent]] = MappingProxyType(
    {
        "concessions": ("deals", _conceded),
        "customizations": ("deals", _customized),
        "promotion_spend": ("promotions", _sum_of("promotions", "trade_spend", "starts_on")),
        "campaign_spend": ("campaigns", _sum_of("campaigns", "spend", "started_at")),
        "trade_spend": ("sell_through", _sum_of("sell_through", "trade_spend", "week")),
    }
)
"""The table without which a budget is unknown, and what counts against it."""
