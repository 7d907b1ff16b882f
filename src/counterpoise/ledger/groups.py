"""Groupings: the ledger by whatever deals differ in. A null group is a group.

Deals are read once for a pack of groupings whose keys belong together (a person has one team, an
account one segment), so that their cells stay few.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.ledger.fiscal import month_number_expr, quarter_label
from counterpoise.ledger.totals import Totals, cells, read_totals, totals_by

NO_GROUP = "(none)"
"""The name of the group of what has no key."""

MONTH = "month"
QUARTER = "quarter"

PACKS: tuple[Mapping[str, str], ...] = (
    MappingProxyType({"owner": "owner_id", "team": "owner__team", MONTH: "day"}),
    MappingProxyType(
        {
            "segment": "account__segment",
            "industry": "account__industry",
            "persona": "persona",
            "source": "source",
        }
    ),
    MappingProxyType({"campaign": "campaign_id"}),
)
"""The groupings of deals and the column of each, in the packs that are read together."""

GROUP_COLUMNS = tuple(dict.fromkeys(column for pack in PACKS for column in pack.values()))
"""The columns of the deals that they are grouped by."""

DEAL_PACKS: tuple[Mapping[str, str], ...] = tuple(
    {name: column for name, column in pack.items() if name != MONTH} for pack in PACKS
)
"""The packs without the month, from which quarters come."""

DEAL_KEYS: Mapping[str, str] = MappingProxyType(
    {name: column for pack in DEAL_PACKS for name, column in pack.items()}
)
"""The column of each grouping of deals, by its name."""

Names = Mapping[str, str]
ByKey = dict[Any, Totals]


@dataclass(frozen=True)
class Group:
    """A group of a grouping. A key of None is the group of what has none."""

    key: str | None
    name: str
    totals: Totals


def totals_by_pack(books: Books, deals: ir.Table, pack: Mapping[str, str]) -> dict[str, ByKey]:
    """Read the deals once and return the totals by each key of the pack.

    Args:
        books: Where the query runs.
        deals: One row a deal, with the columns of the pack and `DEAL_COLUMNS`.
        pack: The column of each grouping, by its name; the month is that of `day`.
    """
    keys = {name: _key(deals, name, column) for name, column in pack.items()}
    kept = books.keep(cells(deals, keys), "cells")
    return {name: by_key(books, kept, name) for name in pack}


def by_key(books: Books, table: ir.Table, key: str) -> ByKey:
    """Return the totals of cells by one of their keys."""
    found = read_totals(books.run(totals_by(table, key)), key)
    return {value: totals for (value,), totals in found.items()}


def groups(
    totals: Mapping[str | None, Totals], names: Names = MappingProxyType({})
) -> tuple[Group, ...]:
    """Name the groups that closed or sold anything, and sort by net, then key."""
    found = [Group(key, name_of(key, names), each) for key, each in totals.items() if _counts(each)]
    return tuple(sorted(found, key=lambda group: (-group.totals.net_revenue, *_order(group.key))))


def quarters(months: Mapping[int | None, Totals], starts: int) -> tuple[Group, ...]:
    """Put months together to fiscal quarters, in time; what has no day comes last."""
    found: dict[str | None, Totals] = {}
    for month, totals in months.items():
        label = None if month is None else quarter_label(month, starts)
        found[label] = found.get(label, Totals()) + totals
    rows = groups(found)
    return tuple(sorted(rows, key=lambda group: _order(group.key)))


def merge_blank(totals: Mapping[str | None, Totals]) -> dict[str | None, Totals]:
    """Put what is surely in no group ("") with what is unknown (None)."""
    found: dict[str | None, Totals] = {}
    for key, each in totals.items():
        found[key or None] = found.get(key or None, Totals()) + each
    return found


def name_of(key: str | None, names: Names) -> str:
    """Return a group's name: that of the books, else its key."""
    return NO_GROUP if key is None else names.get(key) or key


def _counts(totals: Totals) -> bool:
    """Tell whether a group has anything to show; open deals alone are nothing yet."""
    return totals != Totals(deals_open=totals.deals_open)


def key_text(key: object) -> str | None:
    """Write a key of any kind as text, numbers without their trailing zeros."""
    if key is None or isinstance(key, str):
        return key
    if isinstance(key, bool):
        return str(key).lower()
    return f"{key.normalize():f}" if isinstance(key, Decimal) else str(key)


def _order(key: str | None) -> tuple[bool, str]:
    return key is None, key or ""


def _key(deals: ir.Table, name: str, column: str) -> ir.Value:
    make: Callable[[ir.Value], ir.Value] | None = month_number_expr if name == MONTH else None
    return make(deals[column]) if make else deals[column]
