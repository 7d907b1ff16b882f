"""Weeks as bits: on which of them a product was on deal at an account, in a few whole numbers.

Whether a week follows one on deal is then told by what stands beside its account × product, and
no week has to look for another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from counterpoise.books.books import Books

BITS = 52
"""Weeks that one number holds: sums of as many bits are exact in floats, on every engine."""
_WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class WeekBits:
    """The bit of each week.

    Attributes:
        weeks: Grain: a week, `bit_on`. Its `day` from the first; in `bit_N` and number N its own
            bit, in `back_A_N` that of the week A weeks before, 0 where there is none. Kept.
        numbers: How many numbers hold all weeks.
    """

    weeks: ir.Table
    numbers: int

    def beside(self, rows: ir.Table) -> ir.Table:
        """Lay the bits of its `week` beside each row."""
        return rows.inner_join(self.weeks, rows.week == self.weeks.bit_on).drop("bit_on")

    @property
    def names(self) -> tuple[str, ...]:
        """Return the columns that hold the weeks on deal."""
        return tuple(f"deals_{at}" for at in range(self.numbers))

    def on_deal(self, rows: ir.Table) -> dict[str, ir.Value]:
        """Return what adds up the weeks on deal, by its name; of rows with their bits beside.

        A week is there once, so the sum of its bits is their union.
        """
        return {
            name: ibis.ifelse(rows.on_deal, rows[f"bit_{at}"], 0).cast("float64").sum()
            for at, name in enumerate(self.names)
        }

    def was_on_deal(self, rows: ir.Table, weeks_ago: int) -> ir.BooleanValue:
        """Tell whether so many weeks ago was on deal; of rows with bits and numbers beside."""
        tests = [
            (rows[name].cast("int64") & rows[f"back_{weeks_ago}_{at}"]) != 0
            for at, name in enumerate(self.names)
        ]
        found: ir.BooleanValue = ibis.or_(*tests)
        return found


def week_bits(books: Books, days: Sequence[dt.date], weeks_back: int) -> WeekBits:
    """Give each week its bit, and keep them.

    Args:
        books: They keep them.
        days: The weeks, by the day that they begin on, in order.
        weeks_back: How many weeks before a week are told.
    """
    place = {day: at for at, day in enumerate(days)}
    numbers = -(-len(days) // BITS)
    lines = []
    for day in days:
        line: dict[str, object] = {"bit_on": day, "day": (day - days[0]).days}
        line |= _bits("bit", place[day], numbers)
        for ago in range(1, weeks_back + 1):
            line |= _bits(f"back_{ago}", place.get(day - ago * _WEEK), numbers)
        lines.append(line)
    schema = {name: "date" if name == "bit_on" else "int64" for name in lines[0]}
    table = ibis.memtable(lines, schema=ibis.schema(schema))
    return WeekBits(books.keep(table, "week_bits"), numbers)


def _bits(name: str, place: int | None, numbers: int) -> dict[str, int]:
    """Return the bit of a place in each number; of none, none.

    >>> _bits("bit", 53, 2)
    {'bit_0': 0, 'bit_1': 2}
    """
    return {
        f"{name}_{at}": 1 << place % BITS if place is not None and place // BITS == at else 0
        for at in range(numbers)
    }
