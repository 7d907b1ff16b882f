"""Cycle time: how long deals take from created to closed, won and lost apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis.expr.types as ir

from counterpoise.books.books import Books

SECONDS_A_DAY = 86400
TOLERANCE_DAYS = Decimal("0.01")
"""How far engines may part in a median."""


@dataclass(frozen=True)
class CycleTime:
    """The median days from created to closed, of won and of lost deals."""

    won: Decimal | None
    lost: Decimal | None


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


def with_days(deals: ir.Table) -> ir.Table:
    """Return the deals won or lost with `cycle_days`, a fraction, NULL without both times."""
    closed = deals.filter(deals.outcome.isin(["won", "lost"]))
    seconds = closed.closed_at.epoch_seconds() - closed.created_at.epoch_seconds()
    return closed.mutate(cycle_days=seconds.cast("float64") / SECONDS_A_DAY)


def median_days(timed: ir.Table, *keys: str) -> ir.Table:
    """Return the median of `cycle_days` of won and lost deals, and what is odd about them.

    Grain: the keys. Columns `won` and `lost`, in days; `before_created` and `undated`, counts.
    """
    days = timed.cycle_days
    figures = {
        "won": days.median(where=timed.outcome == "won"),
        "lost": days.median(where=timed.outcome == "lost"),
        "before_created": (days < 0).sum(),
        "undated": days.isnull().sum(),
    }
    return timed.group_by(*keys).aggregate(**figures) if keys else timed.aggregate(**figures)


def cycle(books: Books, deals: ir.Table, keys: Mapping[str, str]) -> Cycle:
    """Measure cycle time in all and by grouping.

    Args:
        books: Where the queries run.
        deals: One row a deal, with outcome, created_at, closed_at and the columns of the keys.
        keys: The column of each grouping, by its name.
    """
    timed = with_days(deals)
    whole = books.run(median_days(timed)).to_pylist()[0]
    return Cycle(
        all=_time(whole),
        before_created=whole["before_created"] or 0,
        undated=whole["undated"] or 0,
        by={
            name: {
                row[column]: _time(row) for row in books.run(median_days(timed, column)).to_pylist()
            }
            for name, column in keys.items()
        },
    )


def _time(row: dict[str, Any]) -> CycleTime:
    return CycleTime(_days(row["won"]), _days(row["lost"]))


def _days(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(float(value)))
