"""Volume apart from what is known of it: each account × product's own answer, and weeks' shocks.

A shock is what a week was to everybody alike: the mean of what is left over in it, one step of
alternating demeaning. What is taken from ln(units) is e = λθ + shock, and the sums of squares and
products of what remains follow from those of ln(units) and the products with e. θ is 0 where no
promotion moved a week, and a shock is the same for all of a week, so that sums by week, by account
× product and over the moved weeks tell them, and no regression is summed up anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import ibis
import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.ledger.answers import OUTCOME, Answers
from counterpoise.ledger.moments import Floats, Moments, linear
from counterpoise.ledger.promotion_weeks import UNIT, Panel

_ACCOUNT = UNIT[0]


def apart(books: Books, own: Answers, known: Moments) -> Moments:
    """Return the moments of ln(units) less own answers and shocks.

    Args:
        books: They run the sums.
        own: Departures of accounts × products.
        known: Moments of ln(units). All but `grams` are as they were.
    """
    taken = _Taken(books, own, known)
    rows, around = (known.of_accounts(books.run(each)) for each in (taken.by_row(), taken.around()))
    last = len(known.names)
    grams = known.grams.copy()
    for at in range(last + 1):
        grams[:, at, last] -= rows[f"e{at}"] - around[f"e{at}"]
    grams[:, last, :last] = grams[:, :last, last]
    beside: Floats = rows[f"e{last}"] - around[f"e{last}"]
    grams[:, last, last] += rows["ee"] - around["ee"] - beside
    return replace(known, grams=grams)


@dataclass(frozen=True)
class _Taken:
    """What is taken, and its products, one row an account: `eI` with variable I, `ee` squared."""

    books: Books
    own: Answers
    known: Moments

    @property
    def panel(self) -> Panel:
        return self.own.panel

    @property
    def _plain(self) -> dict[int, str]:
        """Return the variables that stand in rows; the outcome is the last."""
        names = enumerate((*self.known.names, OUTCOME))
        return {at: name for at, name in names if name not in self.panel.time}

    @property
    def _timed(self) -> dict[int, str]:
        return {at: name for at, name in enumerate(self.known.names) if name in self.panel.time}

    def _told(self, cells: ir.Table) -> ir.Table:
        """Return the cells that regressions stand on."""
        return cells.filter(*(cells[name].notnull() for name in self._plain.values()))

    @cached_property
    def _answered(self) -> ir.Table:
        """Return by account and week the own answers `a`, their squares and products."""
        rows = self._told(self.own.beside(self.panel.moved))
        rows = rows.mutate(a=rows.departs * rows.told)
        products = {
            f"a{at}": (rows[name].cast("float64") * rows.a).sum()
            for at, name in self._plain.items()
        }
        sums = rows.group_by(_ACCOUNT, "week").aggregate(
            a=rows.a.sum(), aa=(rows.a * rows.a).sum(), **products
        )
        return self.books.keep(sums, "own_answers")

    @cached_property
    def _weeks(self) -> ir.Table:
        """Return the sums of accounts' weeks with own answers and what a week tells beside."""
        by_week = self.known.by_week
        assert by_week is not None, "the panel has a calendar"
        answered = self._answered
        laid = by_week.left_join(answered, (_ACCOUNT, "week"))
        names = [name for name in answered.columns if name not in (_ACCOUNT, "week")]
        sums = {name: ibis.coalesce(laid[name], 0.0) for name in names}
        whole = laid.select(*by_week.columns, **sums)
        calendar = self.panel.calendar.weeks.select("on", *self._timed.values())
        return whole.inner_join(calendar, whole.week == calendar.on)

    @cached_property
    def _shocks(self) -> ir.Table:
        """Return the mean of what is left over in each week."""
        weeks, slopes, last = self._weeks, self.own.slopes, len(self.known.names)
        rest = {f"s{at}": slopes[name] for at, name in self._plain.items() if name in slopes}
        of_weeks = weeks.group_by("week").aggregate(
            n=weeks.n.sum(), left=(weeks[f"s{last}"] - weeks.a - linear(weeks, rest)).sum()
        )
        levels = self.own.units.select(*UNIT, "level")
        cells = self._told(self.panel.cells).inner_join(levels, UNIT)
        of_levels = cells.group_by(level_week=cells.week).aggregate(levels=cells.level.sum())
        laid = of_weeks.inner_join(of_levels, of_weeks.week == of_levels.level_week)
        calendar = self.panel.calendar.told(slopes)
        laid = laid.inner_join(calendar, laid.week == calendar.on)
        shock = (laid.left - laid.levels) / laid.n - laid.of_week
        return self.books.keep(laid.select(shock_week="week", shock=shock), "week_shocks")

    def by_row(self) -> ir.Table:
        """Return the products summed over all rows."""
        shocks = self._shocks
        laid = self._weeks.inner_join(shocks, self._weeks.week == shocks.shock_week)
        sums = {
            f"e{at}": (laid[f"a{at}"] + laid.shock * laid[f"s{at}"]).sum() for at in self._plain
        }
        for at, name in self._timed.items():
            sums[f"e{at}"] = (laid[name] * (laid.a + laid.shock * laid.n)).sum()
        squares = laid.aa + 2.0 * laid.shock * laid.a + laid.n * laid.shock * laid.shock
        return laid.group_by(_ACCOUNT).aggregate(**sums, ee=squares.sum())

    def around(self) -> ir.Table:
        """Return what of them lies between units: the products of their means, times rows."""
        shocks = self._shocks
        cells = self._told(self.panel.cells)
        cells = cells.inner_join(shocks, cells.week == shocks.shock_week)
        of_units = cells.group_by(*UNIT).aggregate(shocks=cells.shock.sum())
        units = self.known.by_unit.inner_join(of_units, UNIT)
        units = units.inner_join(self.own.units.select(*UNIT, "departs"), UNIT)
        slopes, plain = self.own.slopes, self._plain.items()
        own = {
            f"s{at}": slopes[name]
            for at, name in plain
            if name in self.panel.own and name in slopes
        }
        told = linear(units, own)
        units = units.mutate(e=units.departs * told + units.shocks)
        sums = {
            f"e{at}": (units[f"s{at}"] * units.e / units.n).sum()
            for at in range(len(self.known.names) + 1)
        }
        return units.group_by(_ACCOUNT).aggregate(**sums, ee=(units.e * units.e / units.n).sum())
