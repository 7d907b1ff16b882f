"""Cycle time: how long deals take from created to closed, won and lost apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir

from counterpoise.books.books import Books

SECONDS_A_DAY = 86400
TOLERANCE_DAYS = Decimal("0.01")
"""How far engines may part in the median over all deals; in a group the tolerance is a day."""


@dataclass(frozen=True)
class CycleTime:
    """The median days from created to closed, of won and of lost deals."""

    won: Decimal | None = None
    lost: Decimal | None = None


@dataclass(frozen=True)
class Cycle:
    """Cycle time in all and by grouping.

    `before_created` counts deals closed before they were created: one of the two times is wrong,
    and they count as the shortest. `undated` counts closed deals without one of them, which say
    nothing.
    """

    all: CycleTime
    before_created: int
    undated: int
    by: dict[str, dict[str | None, CycleTime]]


def days_of(deals: ir.Table) -> ir.FloatingValue:
    """Return the days from created to closed, a fraction, NULL without both times."""
    seconds = deals.closed_at.epoch_seconds() - deals.created_at.epoch_seconds()
    days: ir.FloatingValue = seconds.cast("float64") / SECONDS_A_DAY
    return days


def median_days(timed: ir.Table) -> ir.Table:
    """Return the median of `cycle_days`, and what is odd about them.

    Grain: the outcome. Columns `median`, in days; `before_created` and `undated`, counts.
    """
    days = timed.cycle_days
    return timed.group_by("outcome").aggregate(
        median=days.median(),
        before_created=(days < 0).sum(),
        undated=days.isnull().sum(),
    )


def bins(timed: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Count deals by the whole days that they took, so that medians of groups need few rows.

    Grain: the keys × outcome × `whole_days`. Columns `deals` and `seconds`, their sum: one of
    whole numbers, so that the order of rows does not matter.
    """
    known = timed.filter(timed.cycle_days.notnull())
    whole = known.cycle_days.floor().cast("int32")
    seconds = (known.cycle_days * SECONDS_A_DAY).round().cast("int64")
    return known.group_by(*keys, "outcome", whole_days=whole).aggregate(
        deals=known.count(), seconds=seconds.sum().cast("float64")
    )


def median_of_bins(binned: ir.Table, key: str) -> ir.Table:
    """Return the median by one key: the mean of the bins that hold the two middle deals.

    Exact where times are whole days, else less than a day off. Grain: the key × outcome. Column
    `median`, in days.
    """
    small = binned.group_by(key, "outcome", "whole_days").aggregate(
        deals=binned.deals.sum(), seconds=binned.seconds.sum()
    )
    so_far = ibis.window(group_by=[key, "outcome"], order_by="whole_days", following=0)
    placed = small.mutate(
        upto=small.deals.sum().over(so_far),
        whole=small.deals.sum().over(ibis.window(group_by=[key, "outcome"])),
    )
    before = placed.upto - placed.deals
    lower = (placed.upto * 2 >= placed.whole) & (before * 2 < placed.whole)
    upper = (placed.upto * 2 > placed.whole) & (before * 2 <= placed.whole)
    middle = placed.filter(lower | upper)
    days = middle.seconds / middle.deals / SECONDS_A_DAY
    return middle.group_by(key, "outcome").aggregate(median=days.mean())


def cycle(books: Books, deals: ir.Table, packs: Sequence[Mapping[str, str]]) -> Cycle:
    """Measure cycle time in all and by grouping.

    Args:
        books: Where the queries run.
        deals: One row a deal, with outcome, `cycle_days` and the columns of the packs.
        packs: The column of each grouping, by its name, those together that are read together.
    """
    timed = deals.filter(deals.outcome.isin(["won", "lost"]))
    rows: list[dict[str, Any]] = books.run(median_days(timed)).to_pylist()
    found: dict[str, dict[str | None, CycleTime]] = {}
    for pack in packs:
        binned = books.keep(bins(timed, tuple(pack.values())), "cycle")
        found |= {name: _by_key(books, binned, column) for name, column in pack.items()}
    return Cycle(
        all=CycleTime(**{row["outcome"]: _days(row["median"]) for row in rows}),
        before_created=sum(row["before_created"] or 0 for row in rows),
        undated=sum(row["undated"] or 0 for row in rows),
        by=found,
    )


def _by_key(books: Books, binned: ir.Table, key: str) -> dict[str | None, CycleTime]:
    rows: list[dict[str, Any]] = books.run(median_of_bins(binned, key)).to_pylist()
    found: dict[str | None, dict[str, Decimal | None]] = {}
    for row in rows:
        found.setdefault(row[key], {})[row["outcome"]] = _days(row["median"])
    return {key: CycleTime(**times) for key, times in found.items()}


def _days(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(float(value)))
