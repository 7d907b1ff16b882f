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
    """A budget in the period that the as-of day lies in, and what of it is spent by that day.

    `amount` holds what was `transferred` from other budgets, which is below 0 where more was given.
    """

    id: str
    of: str
    side: Side
    first: dt.date
    last: dt.date
    amount: Decimal
    spent: Decimal | None
    status: BudgetStatus
    transferred: Decimal = Decimal(0)


_Spent = Callable[[Period], ir.Table]


def budget_states(period: Period) -> tuple[BudgetState, ...]:
    """Measure every budget of the agreement in its present period."""
    return tuple(budget_state(budget, period) for budget in period.agreement.budgets)


def budget_state(budget: Budget, period: Period) -> BudgetState:
    """Measure one budget in the period of it that the last day lies in."""
    starts = period.agreement.company.fiscal_year_starts
    first, last = period_of(period.last, budget.every, starts)
    present = replace(period, first=max(first, period.first))
    spent = None
    if period.last >= period.first and period.view.books.has(_MEASURES[budget.of][0]):
        rows = spending(budget.of, present)
        spent = present.number(rows.spent.sum()) or Decimal(0)
    moved = _transferred(budget, first, period)
    amount = budget.amount + moved
    return BudgetState(
        id=budget.id,
        of=budget.of,
        side=budget.side,
        first=first,
        last=last,
        amount=amount,
        spent=spent,
        status=_status(spent, amount),
        transferred=moved,
    )


def _transferred(budget: Budget, first: dt.date, period: Period) -> Decimal:
    """Return what both sides moved into a budget in its period, less what they moved out."""
    books = period.view.books
    if not books.has("budget_transfers"):
        return Decimal(0)
    rows = books.table("budget_transfers")
    rows = rows.filter(rows.first_on == ibis.literal(first), rows.signed_at < period.view.end)
    into = ibis.ifelse(rows.to_budget == budget.id, rows.amount, 0)
    out = ibis.ifelse(rows.from_budget == budget.id, rows.amount, 0)
    return period.number((into - out).sum()) or Decimal(0)


def _status(spent: Decimal | None, amount: Decimal) -> BudgetStatus:
    if spent is None:
        return BudgetStatus.UNKNOWN
    return BudgetStatus.OVER if spent > amount else BudgetStatus.WITHIN


def spending(of: str, period: Period) -> ir.Table:
    """Return what counts against a budget between the days of a period.

    Grain: a row of the budget's table, with its columns; adds `spent` and `spent_on`.
    """
    return _MEASURES[of][1](period)


def _on_won_deals(column: str) -> _Spent:
    """Return a column of the deals won in the period."""

    def rows(period: Period) -> ir.Table:
        closed = period.closed
        won = closed.filter(closed.outcome == "won")
        return won.mutate(spent=won[column], spent_on=won.day)

    return rows


def _of(name: str, column: str, at: str) -> _Spent:
    """Return a column of the rows of a table that start in the period."""

    def rows(period: Period) -> ir.Table:
        table = period.view.books.table(name)
        day = table[at].date() if table[at].type().is_timestamp() else table[at]
        inside = day.between(ibis.literal(period.first), ibis.literal(period.last))
        return table.mutate(spent=table[column], spent_on=day).filter(inside)

    return rows


_MEASURES: Mapping[str, tuple[str, _Spent]] = MappingProxyType(
    {
        "concessions": ("deals", _on_won_deals("concession")),
        "customizations": ("deals", _on_won_deals("customization_cost")),
        "promotion_spend": ("promotions", _of("promotions", "trade_spend", "starts_on")),
        "campaign_spend": ("campaigns", _of("campaigns", "spend", "started_at")),
        "trade_spend": ("sell_through", _of("sell_through", "trade_spend", "week")),
    }
)
"""The table without which a budget is unknown, and what counts against it."""
