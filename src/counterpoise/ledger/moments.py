"""Sums of squares and products within units, which regressions are made of.

The engine adds up unit by unit (an account × product), then by account, and hands over one small
matrix an account, however many rows there are. What a week alone tells (trend, season) is laid
beside sums by account and week, and never multiplied row by row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

from counterpoise.books.books import Books

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """Sums of squares and products within units, one matrix an account.

    Attributes:
        names: Of the regressors; the outcome stands last in the matrices.
        grams: Accounts × variables × variables.
        rows: Rows of each account.
        units: How many units there are.
    """

    names: tuple[str, ...]
    grams: Floats
    rows: Floats
    units: int

    @property
    def n(self) -> int:
        """Return how many rows there are."""
        return int(self.rows.sum())

    @property
    def accounts(self) -> int:
        """Return how many accounts there are."""
        return len(self.rows)

    def spread(self, name: str) -> float:
        """Return the variance of a regressor within units."""
        at = self.names.index(name)
        return float(self.grams[:, at, at].sum()) / max(self.n, 1)


@dataclass(frozen=True)
class Calendar:
    """Regressors that are the same for every account and product of a week.

    Attributes:
        weeks: Grain: a week, `on`. Few rows.
        names: Its columns that explain.
    """

    weeks: ir.Table
    names: tuple[str, ...]

    def told(self, slopes: Mapping[str, float]) -> ir.Table:
        """Return what slopes make of each week, `of_week`; those of other regressors tell none."""
        named = {name: slope for name, slope in slopes.items() if name in self.names}
        return self.weeks.select("on", of_week=linear(self.weeks, named))


@dataclass(frozen=True)
class Observed:
    """What a regression stands on.

    Attributes:
        rows: One row an observation; those that lack a variable are left out.
        unit: The columns whose values have an effect of their own, that of the account first.
        calendar: Regressors that the rows' `week` tells, laid beside sums and not beside rows.
    """

    rows: ir.Table
    unit: tuple[str, ...] = ("account_id", "product_id")
    calendar: Calendar | None = None

    @property
    def account(self) -> str:
        """Return the column of the account."""
        return self.unit[0]


def moments(
    books: Books,
    observed: Observed,
    outcome: str,
    regressors: Sequence[str],
    known: Moments | None = None,
) -> Moments:
    """Add up squares and products around each unit's means, account by account.

    Args:
        books: They run the sums.
        observed: The rows, and what has an effect of its own.
        outcome: The column of what is explained.
        regressors: The columns that explain it.
        known: Moments of the same rows and regressors with another outcome: what is told of the
            regressors is taken from them.
    """
    sums = _Sums(observed, (*regressors, outcome), known is not None)
    size = len(regressors) + 1
    found = [books.run(each.order_by(observed.account)).to_pydict() for each in sums.tables()]
    rows = np.asarray(found[0]["rows"], dtype=np.float64)
    grams = np.zeros((len(rows), size, size)) if known is None else known.grams.copy()
    for i, j in sums.pairs:
        columns = [each[f"g{i}_{j}"] for each in found if f"g{i}_{j}" in each]
        grams[:, i, j] = grams[:, j, i] = np.sum(np.asarray(columns, dtype=np.float64), axis=0)
    return Moments(tuple(regressors), grams, rows, int(sum(found[0]["units"])))


@dataclass(frozen=True)
class _Sums:
    """The tables, one row an account, whose columns add up to the moments.

    A column `gI_J` is a part of what the variables I and J have in common within units.
    """

    observed: Observed
    names: tuple[str, ...]
    outcome_only: bool

    @property
    def pairs(self) -> list[tuple[int, int]]:
        last = len(self.names) - 1
        pairs = [(i, j) for i in range(last + 1) for j in range(i, last + 1)]
        return [pair for pair in pairs if last in pair] if self.outcome_only else pairs

    @property
    def timed(self) -> dict[int, str]:
        """Return which variables a week tells."""
        calendar = self.observed.calendar
        told = calendar.names if calendar else ()
        return {at: name for at, name in enumerate(self.names) if name in told}

    def tables(self) -> list[ir.Table]:
        whole = self._whole()
        if not self.timed:
            return [self._centred(self._by_unit(whole, self.pairs), self.pairs)]
        own = [pair for pair in self.pairs if not self.timed.keys() & set(pair)]
        beside = self._beside(whole)
        raw = whole.group_by(self.observed.account).aggregate(
            **{f"g{i}_{j}": (whole[f"v{i}"] * whole[f"v{j}"]).sum() for i, j in own}
        )
        units = self._centred(self._by_unit(beside, ()), self.pairs)
        return [units, raw, self._with_weeks(whole)]

    def _whole(self) -> ir.Table:
        rows = self.observed.rows
        plain = {at: name for at, name in enumerate(self.names) if at not in self.timed}
        week = ("week",) if self.timed else ()
        values = {f"v{at}": rows[name].cast("float64") for at, name in plain.items()}
        chosen = rows.select(*self.observed.unit, *week, **values)
        return chosen.filter(*(chosen[name].notnull() for name in values))

    def _beside(self, whole: ir.Table) -> ir.Table:
        """Lay the calendar beside the rows."""
        calendar = self.observed.calendar
        assert calendar is not None
        weeks = calendar.weeks.select("on", **{f"v{at}": name for at, name in self.timed.items()})
        return whole.inner_join(weeks, whole.week == weeks.on)

    def _by_unit(self, rows: ir.Table, pairs: Sequence[tuple[int, int]]) -> ir.Table:
        sums = {f"s{at}": rows[f"v{at}"].sum() for at in range(len(self.names))}
        for i, j in pairs:
            sums[f"m{i}_{j}"] = (rows[f"v{i}"] * rows[f"v{j}"]).sum()
        by_unit = rows.group_by(*self.observed.unit)
        return by_unit.aggregate(n=rows.count().cast("float64"), **sums)

    def _centred(self, units: ir.Table, pairs: Sequence[tuple[int, int]]) -> ir.Table:
        sums: dict[str, ir.Value] = {"rows": units.n.sum(), "units": units.count()}
        for i, j in pairs:
            around = -units[f"s{i}"] * units[f"s{j}"] / units.n
            if f"m{i}_{j}" in units.columns:
                around = units[f"m{i}_{j}"] + around
            sums[f"g{i}_{j}"] = around.sum()
        return units.group_by(self.observed.account).aggregate(**sums)

    def _with_weeks(self, whole: ir.Table) -> ir.Table:
        """Multiply what a week tells with the sums of the rest, account by account."""
        account, timed = self.observed.account, self.timed
        plain = [at for at in range(len(self.names)) if at not in timed]
        by_week = whole.group_by(account, "week").aggregate(
            n=whole.count().cast("float64"), **{f"s{at}": whole[f"v{at}"].sum() for at in plain}
        )
        laid = self._beside(by_week)
        values = {at: laid[f"v{at}"] for at in timed} | {at: laid[f"s{at}"] for at in plain}
        sums = {
            f"g{i}_{j}": (values[i] * values[j] * (laid.n if {i, j} <= timed.keys() else 1.0)).sum()
            for i, j in self.pairs
            if timed.keys() & {i, j}
        }
        return laid.group_by(account).aggregate(**sums)


def linear(rows: ir.Table, slopes: Mapping[str, float]) -> ir.FloatingValue:
    """Return the sum of columns, each times its slope."""
    found: ir.FloatingValue = ibis.literal(0.0)
    for name, slope in slopes.items():
        found = found + rows[name].cast("float64") * float(slope)
    return found
