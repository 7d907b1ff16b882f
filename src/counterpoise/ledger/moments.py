"""Sums of squares and products within units, which regressions are made of.

The engine adds up unit by unit (an account × product), then by account, and hands over one small
matrix an account, however many rows there are. What a week alone tells (trend, season) is laid
beside sums by account and week, and never multiplied row by row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from counterpoise.books.books import Books

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """Sums of squares and products within units, one matrix an account.

    Attributes:
        names: Of the regressors; the outcome stands last in the matrices.
        grams: Accounts × variables × variables.
        rows: Rows of each account.
        by_unit: Sums `sI` of the variables and the rows `n` of each unit. Kept.
        units: How many units there are.
        raw: The same sums as `grams` around nothing, where no calendar is beside the rows.
        totals: Sums of the variables by account, accounts × variables.
        keys: The accounts, in the order of the matrices.
        by_week: Rows `n` and sums `sI` of what stands in the rows, by account and week, where a
            calendar is beside them. Kept.
    """

    names: tuple[str, ...]
    grams: Floats
    rows: Floats
    by_unit: ir.Table
    units: int
    raw: Floats
    totals: Floats
    keys: tuple[Any, ...]
    by_week: ir.Table | None

    @property
    def n(self) -> int:
        """Return how many rows there are."""
        return int(self.rows.sum())

    @property
    def accounts(self) -> int:
        """Return how many accounts there are."""
        return len(self.rows)

    def of_accounts(self, sums: pa.Table) -> dict[str, Floats]:
        """Return columns in the order of accounts, which the first one names; 0 without a row."""
        return _columns(sums, self.keys)

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
        seldom: Regressors that are 0 in most rows, which their products then pass over.
        moved: The rows where one of these is not 0, where they are kept apart.
    """

    rows: ir.Table
    unit: tuple[str, ...] = ("account_id", "product_id")
    calendar: Calendar | None = None
    seldom: tuple[str, ...] = ()
    moved: ir.Table | None = None

    @property
    def account(self) -> str:
        """Return the column of the account."""
        return self.unit[0]


def moments(books: Books, observed: Observed, outcome: str, regressors: Sequence[str]) -> Moments:
    """Add up squares and products around each unit's means, account by account.

    Args:
        books: They run the sums.
        observed: The rows, and what has an effect of its own.
        outcome: The column of what is explained.
        regressors: The columns that explain it.
    """
    sums = _Sums(observed, (*regressors, outcome))
    by_unit = books.keep(sums.by_unit(), "unit_sums")
    by_week = books.keep(sums.by_week(), "week_sums") if sums.timed else None
    told = books.run(sums.centred(by_unit).order_by(observed.account))
    beside = (books.run(each) for each in sums.beside_units(by_week))
    keys = tuple(told[observed.account].to_pylist())
    found = [_columns(each, keys) for each in (told, *beside)]
    grams = np.zeros((len(keys), len(sums.names), len(sums.names)))
    raw = np.zeros_like(grams)
    for i, j in sums.pairs:
        columns = [each[f"g{i}_{j}"] for each in found if f"g{i}_{j}" in each]
        grams[:, i, j] = grams[:, j, i] = np.sum(np.asarray(columns, dtype=np.float64), axis=0)
        if f"m{i}_{j}" in found[0]:
            raw[:, i, j] = raw[:, j, i] = found[0][f"m{i}_{j}"]
    return Moments(
        names=tuple(regressors),
        grams=grams,
        rows=np.asarray(found[0]["rows"], dtype=np.float64),
        by_unit=by_unit,
        units=int(sum(found[0]["units"])),
        raw=raw,
        totals=np.column_stack([found[0][f"s{at}"] for at in range(len(sums.names))]),
        keys=keys,
        by_week=by_week,
    )


def _columns(sums: pa.Table, accounts: Sequence[Any]) -> dict[str, Floats]:
    """Return columns in the order of accounts, 0 for those that have no row."""
    place = {account: at for at, account in enumerate(accounts)}
    keys, *names = sums.column_names
    at = [place[account] for account in sums[keys].to_pylist()]
    found = {name: np.zeros(len(place)) for name in names}
    for name in names:
        found[name][at] = sums[name].to_numpy()
    return found


@dataclass(frozen=True)
class _Sums:
    """The tables, one row an account, whose columns add up to the moments.

    A column `gI_J` is a part of what the variables I and J have in common within units.
    """

    observed: Observed
    names: tuple[str, ...]

    @property
    def pairs(self) -> list[tuple[int, int]]:
        return [(i, j) for i in range(len(self.names)) for j in range(i, len(self.names))]

    @property
    def timed(self) -> dict[int, str]:
        """Return which variables a week tells."""
        calendar = self.observed.calendar
        told = calendar.names if calendar else ()
        return {at: name for at, name in enumerate(self.names) if name in told}

    @property
    def plain(self) -> dict[int, str]:
        """Return which variables stand in the rows."""
        return {at: name for at, name in enumerate(self.names) if at not in self.timed}

    def by_unit(self) -> ir.Table:
        """Return sums of each unit."""
        whole = self._whole()
        rows = self._beside(whole) if self.timed else whole
        sums = {f"s{at}": rows[f"v{at}"].sum() for at in range(len(self.names))}
        if not self.timed:
            products = self._products(rows, self.pairs)
            sums |= {name.replace("g", "m"): each for name, each in products.items()}
        by_unit = rows.group_by(*self.observed.unit)
        return by_unit.aggregate(n=rows.count().cast("float64"), **sums)

    def by_week(self) -> ir.Table:
        """Return sums of each account's weeks, and the products of what is not seldom."""
        whole = self._whole()
        return whole.group_by(self.observed.account, "week").aggregate(
            n=whole.count().cast("float64"),
            **{f"s{at}": whole[f"v{at}"].sum() for at in self.plain},
            **self._products(whole, self._often),
        )

    def centred(self, units: ir.Table) -> ir.Table:
        """Return what follows from the units' sums, account by account."""
        sums: dict[str, ir.Value] = {"rows": units.n.sum(), "units": units.count()}
        sums |= {f"s{at}": units[f"s{at}"].sum() for at in range(len(self.names))}
        for i, j in self.pairs:
            around = -units[f"s{i}"] * units[f"s{j}"] / units.n
            if f"m{i}_{j}" in units.columns:
                around = units[f"m{i}_{j}"] + around
                sums[f"m{i}_{j}"] = units[f"m{i}_{j}"].sum()
            sums[f"g{i}_{j}"] = around.sum()
        return units.group_by(self.observed.account).aggregate(**sums)

    @property
    def _own(self) -> list[tuple[int, int]]:
        """Return the pairs of variables that both stand in the rows."""
        return [pair for pair in self.pairs if not self.timed.keys() & set(pair)]

    @property
    def _seldom(self) -> set[int]:
        return {at for at, name in self.plain.items() if name in self.observed.seldom}

    @property
    def _often(self) -> list[tuple[int, int]]:
        return [pair for pair in self._own if not self._seldom & set(pair)]

    def beside_units(self, by_week: ir.Table | None) -> list[ir.Table]:
        """Return the squares and products themselves, where units do not tell them."""
        if by_week is None:
            return []
        found = [self._with_weeks(by_week)]
        if seldom := self._seldom:
            moved = self._moved(seldom)
            sums = self._products(moved, [pair for pair in self._own if seldom & set(pair)])
            found.append(moved.group_by(self.observed.account).aggregate(**sums))
        return found

    @staticmethod
    def _products(rows: ir.Table, pairs: list[tuple[int, int]]) -> dict[str, ir.Value]:
        return {f"g{i}_{j}": (rows[f"v{i}"] * rows[f"v{j}"]).sum() for i, j in pairs}

    def _moved(self, rare: set[int]) -> ir.Table:
        """Return rows of which at least one of some variables is not 0."""
        if self.observed.moved is not None:
            return self._known(self.observed.moved)
        whole = self._whole()
        return whole.filter(ibis.or_(*(whole[f"v{at}"] != 0 for at in sorted(rare))))

    def _whole(self) -> ir.Table:
        return self._known(self.observed.rows)

    def _known(self, rows: ir.Table) -> ir.Table:
        """Return the variables that stand in rows, of those that lack none."""
        week = ("week",) if self.timed else ()
        values = {f"v{at}": rows[name].cast("float64") for at, name in self.plain.items()}
        chosen = rows.select(*self.observed.unit, *week, **values)
        return chosen.filter(*(chosen[name].notnull() for name in values))

    def _beside(self, whole: ir.Table) -> ir.Table:
        """Lay the calendar beside the rows."""
        calendar = self.observed.calendar
        assert calendar is not None
        weeks = calendar.weeks.select("on", **{f"v{at}": name for at, name in self.timed.items()})
        return whole.inner_join(weeks, whole.week == weeks.on)

    def _with_weeks(self, by_week: ir.Table) -> ir.Table:
        """Multiply what a week tells with the sums of the rest, account by account."""
        laid, timed = self._beside(by_week), self.timed
        values = {at: laid[f"v{at}"] for at in timed} | {at: laid[f"s{at}"] for at in self.plain}
        sums = {
            f"g{i}_{j}": (values[i] * values[j] * (laid.n if {i, j} <= timed.keys() else 1.0)).sum()
            for i, j in self.pairs
            if timed.keys() & {i, j}
        }
        sums |= {f"g{i}_{j}": laid[f"g{i}_{j}"].sum() for i, j in self._often}
        return laid.group_by(self.observed.account).aggregate(**sums)


def linear(rows: ir.Table, slopes: Mapping[str, float]) -> ir.FloatingValue:
    """Return the sum of columns, each times its slope."""
    found: ir.FloatingValue = ibis.literal(0.0)
    for name, slope in slopes.items():
        found = found + rows[name].cast("float64") * float(slope)
    return found
