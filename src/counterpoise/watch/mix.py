"""Adjusting for mix: what the deals or leads of a subject let expect, before it is judged.

Sums of a measure by subject, group and slice of the window, each beside what the regression on mix
(`regression`) lets expect of the same rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
from scipy import sparse

from counterpoise.books import Books
from counterpoise.watch.regression import Mix, coded, fit_mix, floats
from counterpoise.watch.sample import Floats, Ints, Sample

SLICES = 14
"""The window in spans of 26 days; the last seven are its last 182 days."""
SLICE_DAYS = 26
RECENT = range(7, SLICES)
_WINDOW = range(SLICES)
_MOST_BEFORE = 28
"""Slices before the window that are told apart: two years."""
_TURNS = 20


@dataclass(frozen=True)
class Rows:
    """The rows of a measure, in the engine.

    Attributes:
        table: One row a case (a deal, a lead).
        subject: The column that says whose it is; a row of nobody counts for the mix alone.
        value: The column that is measured, a number; rows without it are left out.
        base: The column with the money that one whole unit of the measure moves at this case; None
            where no money hangs on it.
        mix: The columns of the factors, each of few levels.
        expected: The column that says what the mix lets expect, where that is known already.
        group: The column of the group that the subject belongs to.
        day: The column with the day of the case.
        window_first: The first day of the window, where the table has rows before it: they tell the
            subjects' past, and nothing of what they are now. None where all rows are of the window.
    """

    table: ir.Table
    subject: str
    value: str
    base: str | None
    mix: tuple[str, ...] = ()
    expected: str | None = None
    group: str | None = None
    day: str = "day"
    window_first: dt.date | None = None


@dataclass(frozen=True)
class Cells:
    """Sums of a measure by subject, group and slice, with what the mix lets expect.

    `slice` and the sums have one entry a cell; slices before the window are below 0. `sigma2` is
    the variance of one row around what subject and mix let expect.
    """

    subjects: tuple[str, ...]
    groups: tuple[str, ...]
    subject: Ints
    group: Ints
    slice: Ints
    n: Ints
    total: Floats
    expected: Floats
    base: Floats
    sigma2: float

    def people(self, slices: Iterable[int] = _WINDOW) -> Sample:
        """Return the subjects over some slices; one with several groups is in its largest."""
        own = np.isin(self.slice, np.array([*slices])) & (self.subject >= 0)
        code, size = self.subject[own], len(self.subjects)
        n = np.bincount(code, self.n[own], size).astype(np.int64)
        has = np.flatnonzero(n > 0)
        rows = np.maximum(n, 1)
        found = Sample(
            ids=self.subjects,
            groups=self._largest_group(),
            n=n,
            observed=np.bincount(code, self.total[own], size) / rows,
            expected=np.bincount(code, self.expected[own], size) / rows,
            variance=self.sigma2 / rows,
            base=_sums(code, self.base[own], size),
        )
        return found.where(has)

    def change(self) -> Sample:
        """Return how each subject's effect changed: the last 182 days against those before."""
        recent = self.people(RECENT)
        before = self.people(range(-_MOST_BEFORE, RECENT.start))
        both = sorted({*recent.ids} & {*before.ids})
        late = recent.where(np.array([recent.at(id_) for id_ in both], dtype=np.int64))
        early = before.where(np.array([before.at(id_) for id_ in both], dtype=np.int64))
        return Sample(
            ids=late.ids,
            groups=late.groups,
            n=np.minimum(late.n, early.n),
            observed=late.observed,
            expected=late.expected + early.effect,
            variance=late.variance + early.variance,
            base=late.base,
        )

    def over_time(self, id_: str, *, is_group: bool = False) -> Sample:
        """Return one subject, or one group, slice by slice; the ids are the slices."""
        code = (self.groups if is_group else self.subjects).index(id_)
        own = ((self.group if is_group else self.subject) == code) & (self.slice >= 0)
        n = np.bincount(self.slice[own], self.n[own], SLICES).astype(np.int64)
        rows = np.maximum(n, 1)
        found = Sample(
            ids=tuple(str(each) for each in range(SLICES)),
            groups=("",) * SLICES,
            n=n,
            observed=np.bincount(self.slice[own], self.total[own], SLICES) / rows,
            expected=np.bincount(self.slice[own], self.expected[own], SLICES) / rows,
            variance=self.sigma2 / rows,
            base=_sums(self.slice[own], self.base[own], SLICES),
        )
        return found.where(n > 0)

    def _largest_group(self) -> tuple[str, ...]:
        size = (len(self.subjects), len(self.groups))
        named = (self.subject >= 0) & (self.group >= 0) & (self.slice >= 0)
        if not named.any():
            return ("",) * size[0]
        counts = sparse.coo_array(
            (self.n[named], (self.subject[named], self.group[named])), shape=size
        ).tocsr()
        largest = counts.argmax(axis=1)
        has = np.asarray(counts.sum(axis=1)).ravel() > 0
        return tuple(self.groups[int(at)] if has[row] else "" for row, at in enumerate(largest))


def cells_of(books: Books, rows: Rows, last: ir.DateScalar) -> Cells:
    """Read the sums of a measure and what the mix lets expect of each.

    Expectations are centred: over the rows that tell the mix their mean is that of the measure.
    """
    table = rows.table.filter(rows.table[rows.value].notnull())
    table = table.mutate(value_=table[rows.value].cast("float64"))
    mix = fit_mix(books, table, rows.subject, "value_", rows.mix)
    expected = table[rows.expected] if rows.expected else mix.expected(table)
    found = books.run(_cells_table(rows, table.mutate(expected_=expected), last))
    subject, subjects = coded(found["subject"])
    group, groups = coded(found["group"])
    n, total, fitted = (floats(found[name]) for name in ("n", "total", "expected"))
    sigma2 = _row_variance(subject, n, total - fitted, floats(found["squares"]), mix)
    is_known = bool(rows.mix or rows.expected)
    mean = 0.0 if is_known else float(total.sum() / max(n.sum(), 1.0))
    number = found["slice"].to_numpy().astype(np.int64)
    fitted = fitted + n * mean + _of_all_before(subject, number, n, total - fitted - n * mean)
    return Cells(
        subjects=subjects,
        groups=groups,
        subject=subject,
        group=group,
        slice=number,
        n=n.astype(np.int64),
        total=total,
        expected=fitted,
        base=floats(found["base"]),
        sigma2=sigma2,
    )


def _cells_table(rows: Rows, table: ir.Table, last: ir.DateScalar) -> ir.Table:
    """Return the sums that a measure is made of.

    Grain: subject × group × slice of the window (0 for the first 26 days to 13 for the last, −1
    for the 26 days before it).
    """
    number = SLICES - 1 - last.delta(table[rows.day], unit="day") // SLICE_DAYS
    within = number.clip(0, SLICES - 1)
    if rows.window_first:
        is_before = table[rows.day] < ibis.literal(rows.window_first)
        within = ibis.ifelse(is_before, number.clip(-_MOST_BEFORE, -1), within)
    base = table[rows.base].cast("float64") if rows.base else ibis.literal(0.0)
    named = table.mutate(
        subject=table[rows.subject].cast("string"),
        group=table[rows.group].cast("string") if rows.group else ibis.null("string"),
        slice=within.cast("int16"),
        left_=table.value_ - table.expected_,
        base_=ibis.coalesce(base, ibis.literal(0.0)),
    )
    return named.group_by("subject", "group", "slice").aggregate(
        n=ibis._.count(),
        total=ibis._.value_.sum(),
        expected=(ibis._.value_ - ibis._.left_).sum(),  # a bare 0 has another type
        squares=(ibis._.left_ * ibis._.left_).sum(),
        base=ibis._.base_.sum(),
    )


def _of_all_before(subject: Ints, slice_: Ints, n: Floats, left: Floats) -> Floats:
    """Return what all subjects together differed by in each slice before the window, by cell.

    left = subject + slice + error, fitted by turns: who came late is not held against what others
    did before.
    """
    own, size = (subject >= 0) & (n > 0), int(subject.max(initial=-1)) + 1
    place = -np.minimum(slice_, 0)  # 0 is the window, which the mix adjusts for by itself
    rows = np.maximum(np.bincount(subject[own], n[own], size), 1.0)
    shift = np.zeros(_MOST_BEFORE + 1)
    each = np.maximum(np.bincount(place[own], n[own], len(shift)), 1.0)
    if (place == 0).all():
        return np.zeros(len(n))
    for _ in range(_TURNS):
        beyond = left - n * shift[place]
        level = np.bincount(subject[own], beyond[own], size) / rows
        apart = left[own] - n[own] * level[subject[own]]
        shift = np.bincount(place[own], apart, len(shift)) / each
        shift[0] = 0.0
    return np.asarray(n * shift[place])


def _row_variance(subject: Ints, n: Floats, left: Floats, squares: Floats, mix: Mix) -> float:
    """Return the variance of one row around its subject and its mix."""
    known = subject >= 0
    if not known.any():
        return 0.0
    code, size = subject[known], int(subject.max()) + 1
    sums, rows = np.bincount(code, left[known], size), np.bincount(code, n[known], size)
    around = float(squares[known].sum() - (sums**2 / np.maximum(rows, 1)).sum())
    return max(around, 0.0) / max(float(rows.sum()) - size - mix.count, 1.0)


def _sums(codes: Ints, values: Floats, size: int) -> Floats:
    return np.bincount(codes, values, size).astype(np.float64)
