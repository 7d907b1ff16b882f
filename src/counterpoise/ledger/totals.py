"""Totals: what a set of deals adds up to. Every grouping and every ratio starts from them.

Deals are added up in two steps. `cells` reads the deals once and adds up money by a few keys at a
time; `totals_by` reads the cells, which are few. Sums are decimals, so the order of rows and the
way over the cells do not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pyarrow as pa

ZERO = Decimal(0)

_MONEY = dt.Decimal(38, 4)

DEAL_COLUMNS = (
    "deal_id",
    "outcome",
    "day",
    "list_amount",
    "net_amount",
    "cost_amount",
    "concession",
    "above_list",
    "within_authority",
    "approved",
    "leakage",
    "unjudged",
    "leakage_high",
    "customization_cost",
    "adjustment_amount",
)
"""The columns of the judged deals that totals are made of."""

AMOUNTS = DEAL_COLUMNS[3:]

PARTS = DEAL_COLUMNS[6:]
"""The columns that matter of won deals alone."""


@dataclass(frozen=True)
class Cells:
    """A table of cells: its grain is the keys × `STATES`; `deals` and `AMOUNTS` are sums."""

    table: ir.Table
    keys: tuple[str, ...]


_Rule = Callable[[ir.Table], ir.Value]


def _count(where: _Rule) -> _Rule:
    return lambda cells: cells.deals.sum(where=where(cells)).cast("int64")


def _sum(column: str, where: _Rule) -> _Rule:
    return lambda cells: cells[column].sum(where=where(cells)).cast(_MONEY)


def _won(cells: ir.Table) -> ir.BooleanValue:
    return cells.outcome == "won"


def _priced(cells: ir.Table) -> ir.BooleanValue:
    return _won(cells) & cells.has_list & cells.has_net


def _half_priced(cells: ir.Table) -> ir.BooleanValue:
    return _won(cells) & (cells.has_list != cells.has_net)


def _blank(cells: ir.Table) -> ir.BooleanValue:
    return _won(cells) & ~cells.has_list & ~cells.has_net


def _uncosted(cells: ir.Table) -> ir.BooleanValue:
    return _priced(cells) & ~cells.has_cost


def _is(outcome: str) -> _Rule:
    return lambda cells: cells.outcome == outcome


def _deals(rule: _Rule) -> Any:
    return field(default=0, metadata={"rule": _count(rule)})


def _money(column: str, rule: _Rule) -> Any:
    return field(default=ZERO, metadata={"rule": _sum(column, rule)})


STATES = ("outcome", "has_list", "has_net", "has_cost")
"""What splits the cells beside their keys, so that one plain sum serves every total."""


@dataclass(frozen=True)
class Totals:
    """What a set of deals adds up to. Money is that of won deals, in workspace currency.

    Unless said, of priced deals: won, with list and net known.
    """

    deals_won: int = _deals(_won)
    deals_lost: int = _deals(_is("lost"))
    deals_cancelled: int = _deals(_is("cancelled"))
    deals_open: int = _deals(_is("open"))
    priced_deals: int = _deals(_priced)
    list_revenue: Decimal = _money("list_amount", _priced)
    net_revenue: Decimal = _money("net_amount", _won)
    """Net of all won deals, the unpriced ones too."""
    net_priced: Decimal = _money("net_amount", _priced)
    conceded: Decimal = _money("concession", _priced)
    above_list: Decimal = _money("above_list", _priced)
    unpriced_deals: int = _deals(_half_priced)
    unpriced_net: Decimal = _money("net_amount", _half_priced)
    blank_deals: int = _deals(_blank)
    """Won deals without list and without net."""
    within_authority: Decimal = _money("within_authority", _priced)
    approved: Decimal = _money("approved", _priced)
    leakage: Decimal = _money("leakage", _priced)
    unjudged: Decimal = _money("unjudged", _priced)
    leakage_high: Decimal = _money("leakage_high", _priced)
    customization: Decimal = _money("customization_cost", _priced)
    adjustments: Decimal = _money("adjustment_amount", _priced)
    cost: Decimal = _money("cost_amount", _priced)
    uncosted_deals: int = _deals(_uncosted)
    uncosted_list: Decimal = _money("list_amount", _uncosted)
    uncosted_net: Decimal = _money("net_amount", _uncosted)
    uncosted_customization: Decimal = _money("customization_cost", _uncosted)
    uncosted_adjustments: Decimal = _money("adjustment_amount", _uncosted)

    def __add__(self, other: Totals) -> Totals:
        """Add another set of deals that has none in common with this one."""
        return Totals(*(getattr(self, name) + getattr(other, name) for name in NAMES))

    def __sub__(self, other: Totals) -> Totals:
        """Take away a part of this set of deals."""
        return Totals(*(getattr(self, name) - getattr(other, name) for name in NAMES))

    @property
    def deals_closed(self) -> int:
        """Return the deals that were won or lost."""
        return self.deals_won + self.deals_lost

    @property
    def win_rate(self) -> Decimal | None:
        """Return won over won and lost."""
        return ratio(self.deals_won, self.deals_closed)

    @property
    def price_realization(self) -> Decimal | None:
        """Return net over list."""
        return ratio(self.net_priced, self.list_revenue)

    @property
    def conceded_rate(self) -> Decimal | None:
        """Return concessions over list."""
        return ratio(self.conceded, self.list_revenue)

    @property
    def value_held(self) -> Decimal:
        """Return the list value sold without concession, plus what was sold above list."""
        return self.list_revenue - self.conceded + self.above_list

    @property
    def value_given(self) -> Decimal:
        """Return the concessions."""
        return self.conceded

    @property
    def margin(self) -> Decimal:
        """Return what is left of net; a cost that nobody knows counts as none."""
        return self.net_priced - self.customization - self.adjustments - self.cost

    @property
    def costed(self) -> Costed:
        """Return the deals whose cost is known, the only ones that a margin can be told of."""
        extras = self.uncosted_customization + self.uncosted_adjustments
        return Costed(
            deals=self.priced_deals - self.uncosted_deals,
            list_revenue=self.list_revenue - self.uncosted_list,
            net_revenue=self.net_priced - self.uncosted_net,
            margin=self.margin - self.uncosted_net + extras,
        )


@dataclass(frozen=True)
class Costed:
    """Priced won deals whose cost is known."""

    deals: int
    list_revenue: Decimal
    net_revenue: Decimal
    margin: Decimal

    @property
    def margin_rate(self) -> Decimal | None:
        """Return margin over net."""
        return ratio(self.margin, self.net_revenue)


NAMES = tuple(each.name for each in fields(Totals))
"""The names of the totals, in order; a table of totals has a column of each."""

_RULES: Mapping[str, _Rule] = MappingProxyType(
    {each.name: each.metadata["rule"] for each in fields(Totals)}
)


def ratio(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """Divide, or return None where there is nothing to divide by.

    >>> ratio(1, 4), ratio(Decimal(1), 0)
    (Decimal('0.25'), None)
    """
    return Decimal(part) / Decimal(whole) if whole else None


def cells(deals: ir.Table, keys: Mapping[str, ir.Value]) -> ir.Table:
    """Add up deals by all the keys together.

    Args:
        deals: One row a deal, with `DEAL_COLUMNS`.
        keys: Expressions over the deals by the name that they get.

    Returns:
        Grain: the keys × `STATES`. `deals` counts; each of `AMOUNTS` is a sum, NULL where no deal
        has it.
    """
    states = {
        "outcome": deals.outcome,
        "has_list": deals.list_amount.notnull(),
        "has_net": deals.net_amount.notnull(),
        "has_cost": deals.cost_amount.notnull(),
    }
    sums = {name: deals[name].sum().cast(_MONEY) for name in AMOUNTS}
    return deals.group_by(**keys, **states).aggregate(deals=ibis._.count(), **sums)


def totals_by(table: ir.Table, *keys: str) -> ir.Table:
    """Add up cells by some of their keys, or all in all without any.

    Returns:
        Grain: the keys. A column a total, `NAMES`; NULL stands for nothing added up.
    """
    sums = {name: rule(table) for name, rule in _RULES.items()}
    return table.group_by(*keys).aggregate(**sums) if keys else table.aggregate(**sums)


def read_totals(rows: pa.Table, *keys: str) -> dict[tuple[Any, ...], Totals]:
    """Read the rows of `totals_by` as totals by key.

    Returns:
        The totals by the tuple of their keys; the empty tuple where there are no keys.
    """
    return {tuple(row[key] for key in keys): totals_of(row) for row in rows.to_pylist()}


def totals_of(row: Mapping[str, Any]) -> Totals:
    """Read one row of totals; what is missing is nothing."""
    return Totals(**{name: row[name] for name in NAMES if row.get(name) is not None})


def add_up(totals: Iterable[Totals]) -> Totals:
    """Add totals of sets that have no deal in common."""
    return sum(totals, Totals())
