"""The regression on mix: what each level of each factor shifts a measure by.

y = subject + Σ factor levels + error over the rows of a measure, by least squares. Subjects are
effects of their own, so that a subject's mix is never credited with what the subject does: both
sides are centred within subjects (Frisch & Waugh 1933). Assumption: the mix shifts everybody alike.
It fails where a factor holds the measured thing or a consequence of it; leaving such factors out is
each measure's own duty.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import add

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from counterpoise.books import Books
from counterpoise.watch.sample import Floats, Ints

_ENOUGH_ROWS = 300_000
_MOST_SUBJECTS = 4_000


@dataclass(frozen=True)
class Mix:
    """What a measure is expected to be by the mix of a row.

    Attributes:
        level: What is expected where no factor shifts it.
        shifts: By factor, then by its level (as text; None for NULL): the shift; 0 where unnamed.
    """

    level: float = 0.0
    shifts: Mapping[str, Mapping[str | None, float]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Return how many shifts were estimated."""
        return sum(len(each) for each in self.shifts.values())

    def expected(self, table: ir.Table) -> ir.FloatingValue:
        """Return what is expected of each row."""
        parts = [_shift(table, name, by) for name, by in self.shifts.items() if by]
        # Some engines take numbers written out for decimals, whose sums are no floats.
        level = ops.Cast(ibis.literal(self.level, "float64"), to=dt.float64).to_expr()
        found: ir.FloatingValue = reduce(add, parts, level)
        return found


def fit_mix(
    books: Books, table: ir.Table, subject: str, value: str, factors: tuple[str, ...]
) -> Mix:
    """Learn what the mix shifts a measure by.

    A large table tells it through all the rows of some subjects, drawn by a digest of their ids
    until they hold rows enough; the shifts' error is then far below anybody's own.

    Args:
        books: Where the table is read.
        table: One row a case that has a value.
        subject: The column of whose it is.
        value: The column that is measured.
        factors: The columns of the mix, each of few levels.
    """
    if not factors:
        return Mix()
    if books.is_large:
        table = table.filter(table[subject].cast("string").isin(_some(books, table, subject)))
    named = {f"mix_{at}": _text(table[name]) for at, name in enumerate(factors)}
    grouped = table.mutate(subject_=table[subject].cast("string"), **named).group_by(
        "subject_", *named
    )
    found = books.run(grouped.aggregate(n=ibis._.count(), total=ibis._[value].sum()))
    n, total = floats(found["n"]), floats(found["total"])
    if not len(n):
        return Mix()
    design = [_dummies(found[f"mix_{at}"], n) for at in range(len(factors))]
    whole = sparse.csr_array(sparse.hstack([each.columns for each in design], format="csr"))
    beta = _least_squares(whole, coded(found["subject_"])[0], n, total)
    ends = np.cumsum([0, *(len(each.levels) for each in design)])
    shifts = {
        name: dict(zip(each.levels, beta[start:end].tolist(), strict=True))
        for name, each, start, end in zip(factors, design, ends, ends[1:], strict=False)
    }
    mean = float((total.sum() - n @ (whole @ beta)) / n.sum())
    return Mix(mean, shifts)


def coded(column: pa.ChunkedArray) -> tuple[Ints, tuple[str, ...]]:
    """Return codes and names of a column of text; −1 for NULL."""
    whole = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], pa.string())
    found = pc.dictionary_encode(whole)
    codes = found.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, tuple(found.dictionary.to_pylist())


def floats(column: pa.ChunkedArray) -> Floats:
    """Return a column of numbers."""
    return np.asarray(column.to_numpy(), dtype=np.float64)


@dataclass(frozen=True)
class _Dummies:
    """One column a level of a factor but the commonest, which stands for no shift."""

    levels: tuple[str | None, ...]
    columns: sparse.csr_array


def _dummies(column: pa.ChunkedArray, n: Floats) -> _Dummies:
    codes, names = coded(column)
    levels: tuple[str | None, ...] = (*names, None)
    codes = np.where(codes < 0, len(names), codes)
    counts = np.bincount(codes, n, len(levels))
    kept = np.flatnonzero((counts > 0) & (np.arange(len(levels)) != counts.argmax()))
    place = np.full(len(levels), -1)
    place[kept] = np.arange(len(kept))
    rows = np.flatnonzero(place[codes] >= 0)
    shape = (len(codes), len(kept))
    columns = sparse.csr_array((np.ones(len(rows)), (rows, place[codes][rows])), shape=shape)
    return _Dummies(tuple(levels[at] for at in kept), columns)


def _least_squares(design: sparse.csr_array, subject: Ints, n: Floats, total: Floats) -> Floats:
    """Return the shifts, from rows centred within their subjects; nobody counts as a subject."""
    code = np.where(subject < 0, subject.max(initial=-1) + 1, subject)
    ones, shape = np.ones(len(code)), (int(code.max()) + 1, len(code))
    member = sparse.csr_array((ones, (code, np.arange(len(code)))), shape=shape)
    weighted = sparse.csr_array(design.multiply(n[:, None]))
    by_subject = sparse.csr_array(member @ weighted)
    scaled = sparse.csr_array(by_subject.multiply((1.0 / np.asarray(member @ n))[:, None]))
    normal = (design.T @ weighted - by_subject.T @ scaled).toarray()
    right = design.T @ total - scaled.T @ np.asarray(member @ total)
    return np.asarray(np.linalg.lstsq(normal, right, rcond=1e-9)[0])


def _some(books: Books, table: ir.Table, subject: str) -> list[str]:
    """Return subjects in the order of a digest of their ids, until they hold rows enough."""
    counted = table.group_by(subject_=table[subject].cast("string")).aggregate(n=ibis._.count())
    found = books.run(counted.filter(counted.subject_.notnull())).to_pylist()
    found.sort(key=lambda each: hashlib.sha256(each["subject_"].encode()).digest())
    rows = np.cumsum([each["n"] for each in found])
    enough = min(int(np.searchsorted(rows, _ENOUGH_ROWS)) + 1, _MOST_SUBJECTS)
    return [each["subject_"] for each in found[:enough]]


def _text(column: ir.Column) -> ir.StringValue:
    found: ir.StringValue = column if column.type().is_string() else column.cast("string")
    return found


def _shift(table: ir.Table, name: str, by: Mapping[str | None, float]) -> ir.FloatingValue:
    column = _text(table[name])
    branches = [
        (column.isnull() if level is None else column == level, shift)
        for level, shift in by.items()
    ]
    found: ir.FloatingValue = ibis.cases(*branches, else_=0.0)
    return found
