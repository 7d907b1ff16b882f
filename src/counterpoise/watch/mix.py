"""Adjusting for mix: what the deals or leads of a subject let expect, before it is judged.

One additive regression y = subject + Σ factor levels + error over the rows of a measure. Subjects
are effects of their own, so that a subject's mix is never credited with what the subject does
(Frisch & Waugh 1933: both sides are centred within subjects). A factor must hold neither the
measured thing nor a consequence of it; that is each measure's own duty.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from counterpoise.books import Books
from counterpoise.watch.sample import Floats, Ints, Sample

SLICES = 14
"""The window in spans of 26 days; the last seven are its last 182 days."""
SLICE_DAYS = 26
RECENT = range(7, SLICES)

_OWN = ("subject", "group", "slice", "n", "total", "squares", "base")


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
        group: The column of the group that the subject belongs to.
        day: The column with the day of the case.
    """

    table: ir.Table
    subject: str
    value: str
    base: str | None
    mix: Sequence[str] = ()
    group: str | None = None
    day: str = "day"


@dataclass(frozen=True)
class Cells:
    """Sums of a measure by subject, group and slice, with what the mix lets expect.

    `slices` and the sums have one entry a cell; `sigma2` is the variance of one row around what
    subject and mix let expect.
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

    def people(self, slices: Iterable[int] = range(SLICES)) -> Sample:
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
        before = self.people(set(range(SLICES)) - {*RECENT})
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
        own = (self.group if is_group else self.subject) == code
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
        named = (self.subject >= 0) & (self.group >= 0)
        if not named.any():
            return ("",) * size[0]
        counts = sparse.coo_array(
            (self.n[named], (self.subject[named], self.group[named])), shape=size
        ).tocsr()
        largest = counts.argmax(axis=1)
        has = np.asarray(counts.sum(axis=1)).ravel() > 0
        return tuple(self.groups[int(at)] if has[row] else "" for row, at in enumerate(largest))


def cells_table(rows: Rows, last: ir.DateScalar) -> ir.Table:
    """Return the sums that a measure is made of.

    Grain: subject × group × slice of the window × mix. Columns: `subject`, `group`, `slice` (0 for
    the first 26 days of the window to 13 for the last), `n`, `total`, `squares`, `base`, and the
    factors of the mix.
    """
    table = rows.table.filter(rows.table[rows.value].notnull())
    before = last.delta(table[rows.day], unit="day")
    value = table[rows.value].cast("float64")
    nothing = ibis.literal(0.0)
    base = table[rows.base].cast("float64") if rows.base else nothing
    named = table.mutate(
        subject=table[rows.subject].cast("string"),
        group=table[rows.group].cast("string") if rows.group else ibis.null("string"),
        slice=(SLICES - 1 - (before // SLICE_DAYS).clip(0, SLICES - 1)).cast("int16"),
        value_=value,
        base_=ibis.coalesce(base, nothing),
    )
    factors = {f"mix_{at}": named[name].cast("string") for at, name in enumerate(rows.mix)}
    grouped = named.mutate(**factors).group_by("subject", "group", "slice", *factors)
    return grouped.aggregate(
        n=ibis._.count(),
        total=ibis._.value_.sum(),
        squares=(ibis._.value_ * ibis._.value_).sum(),
        base=ibis._.base_.sum(),
    )


def cells_of(books: Books, rows: Rows, last: ir.DateScalar) -> Cells:
    """Read the sums of a measure and work out what the mix lets expect of each.

    Expectations are centred: over all rows their mean is that of the measure.
    """
    found = books.run(cells_table(rows, last))
    subject, subjects = _coded(found["subject"])
    group, groups = _coded(found["group"])
    n = _floats(found["n"])
    total = _floats(found["total"])
    design = _design(found, n)
    fitted = _within(design, subject, n, total)
    share = fitted - np.average(fitted, weights=n) if len(n) else fitted
    mean = total.sum() / max(n.sum(), 1.0)
    return Cells(
        subjects=subjects,
        groups=groups,
        subject=subject,
        group=group,
        slice=found["slice"].to_numpy().astype(np.int64),
        n=n.astype(np.int64),
        total=total,
        expected=n * (mean + share),
        base=_floats(found["base"]),
        sigma2=_row_variance(subject, n, total, _floats(found["squares"]), fitted, design.shape[1]),
    )


def _coded(column: pa.ChunkedArray) -> tuple[Ints, tuple[str, ...]]:
    """Return codes and names; −1 for NULL."""
    coded = pc.dictionary_encode(column).combine_chunks()
    if isinstance(coded, pa.ChunkedArray):
        coded = (
            coded.chunk(0) if coded.num_chunks else pa.array([], pa.string()).dictionary_encode()
        )
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, tuple(coded.dictionary.to_pylist())


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.asarray(column.to_numpy(), dtype=np.float64)


def _design(found: pa.Table, n: Floats) -> sparse.csr_array:
    """Return one column a level of each factor but the commonest, which stands for the mean."""
    parts = []
    for name in found.column_names:
        if name in _OWN:
            continue
        codes, levels = _coded(found[name])
        codes = np.where(codes < 0, len(levels), codes)
        counts = np.bincount(codes, n, len(levels) + 1)
        kept = np.flatnonzero(counts > 0)
        kept = kept[kept != counts.argmax()]
        place = np.full(len(levels) + 1, -1)
        place[kept] = np.arange(len(kept))
        rows = np.flatnonzero(place[codes] >= 0)
        shape = (len(codes), len(kept))
        ones = np.ones(len(rows))
        parts.append(sparse.csr_array((ones, (rows, place[codes][rows])), shape=shape))
    if not parts:
        return sparse.csr_array((len(n), 0))
    return sparse.csr_array(sparse.hstack(parts, format="csr"))


def _within(design: sparse.csr_array, subject: Ints, n: Floats, total: Floats) -> Floats:
    """Return the fitted part of the mix, from rows centred within their subjects."""
    if design.shape[1] == 0 or not len(n):
        return np.zeros(len(n))
    code = np.where(subject < 0, subject.max(initial=-1) + 1, subject)
    size = int(code.max()) + 1
    member = sparse.csr_array(
        (np.ones(len(code)), (code, np.arange(len(code)))), shape=(size, len(code))
    )
    weighted = sparse.csr_array(design.multiply(n[:, None]))
    by_subject = sparse.csr_array(member @ weighted)
    rows, sums = np.asarray(member @ n), np.asarray(member @ total)
    scaled = sparse.csr_array(by_subject.multiply((1.0 / rows)[:, None]))
    normal = (design.T @ weighted - by_subject.T @ scaled).toarray()
    right = design.T @ total - scaled.T @ sums
    beta = np.linalg.lstsq(normal, right, rcond=1e-9)[0]
    return np.asarray(design @ beta)


def _row_variance(
    subject: Ints, n: Floats, total: Floats, squares: Floats, fitted: Floats, levels: int
) -> float:
    """Return the variance of one row around its subject and its mix of so many free levels."""
    known = subject >= 0
    if not known.any():
        return 0.0
    code, size = subject[known], int(subject.max()) + 1
    rows, part, own = n[known], total[known], fitted[known]
    level = np.bincount(code, part - rows * own, size) / np.maximum(
        np.bincount(code, rows, size), 1
    )
    fit = own + level[code]
    left = float((squares[known] - 2 * fit * part + rows * fit**2).sum())
    freedom = rows.sum() - size - levels
    return max(left, 0.0) / max(float(freedom), 1.0)


def _sums(codes: Ints, values: Floats, size: int) -> Floats:
    return np.bincount(codes, values, size).astype(np.float64)
