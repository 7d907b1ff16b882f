"""Weeks as bits: which of them a product has at an account, and which on deal, in a few numbers.

Whether a week follows one on deal is then told by what stands beside its account × product, and
no week has to look for another; how many goods are on deal in a week is counted without the weeks.
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
SOLD, DEALS = KINDS = ("sold", "deals")
"""How columns begin that hold weeks: all on record, and those on deal."""
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

    def sums(self, rows: ir.Table) -> dict[str, ir.Value]:
        """Return what adds up the weeks on record and on deal; of rows with their bits beside.

        A week is there once, so the sum of its bits is their union.
        """
        own = [rows[f"bit_{at}"] for at in range(self.numbers)]
        on_deal = [ibis.ifelse(rows.on_deal, bit, 0) for bit in own]
        bits = zip((*_names(SOLD, self), *_names(DEALS, self)), (*own, *on_deal), strict=True)
        return {name: bit.cast("float64").sum() for name, bit in bits}

    def whole(self, rows: ir.Table) -> dict[str, ir.Value]:
        """Return the sums as whole numbers, whose bits can be told."""
        return {name: rows[name].cast("int64") for kind in KINDS for name in _names(kind, self)}

    def holds(
        self, rows: ir.Table, kind: str, bits: ir.Table | None = None, weeks_ago: int = 0
    ) -> ir.BooleanValue:
        """Tell whether a week, or one before it, is among the weeks of a kind.

        Args:
            rows: With the weeks of a kind in whole numbers.
            kind: On record, or on deal.
            bits: The bits of the week; by default they stand beside the rows.
            weeks_ago: How many weeks before.
        """
        week = rows if bits is None else bits
        own = f"back_{weeks_ago}" if weeks_ago else "bit"
        tests = [
            (rows[name] & week[f"{own}_{at}"]) != 0 for at, name in enumerate(_names(kind, self))
        ]
        found: ir.BooleanValue = ibis.or_(*tests)
        return found


def _names(kind: str, bits: WeekBits) -> tuple[str, ...]:
    """Return the columns that hold the weeks of a kind."""
    return tuple(f"{kind}_{at}" for at in range(bits.numbers))


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
