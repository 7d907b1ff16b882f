"""The mix: what was known before an offer, as columns that a model of winning can read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from counterpoise.rehearse.exact import Flags, Ints
from counterpoise.rehearse.offers import Floats, Offers

MOST_LEVELS = 20
"""Levels of a category that have a column of their own, the most frequent ones."""
LEAST_SHARE = 0.005
LEAST_DEALS = 30
"""A level has a column of its own from so many deals and this share of all."""
LEAST_KNOWN = 0.05
"""A number that is known of fewer deals has no column but that it is known."""
SKEWED = 1000.0
"""Numbers that reach further are read by their logarithm."""
QUARTER = 91
_GROUPED = ("account.segment", "deal.source")


@dataclass(frozen=True)
class Mix:
    """Columns of what was known beforehand, one row an offer.

    Attributes:
        columns: Standardised numbers and 0/1 levels; the first column is 1.
        causes: Which cause each column belongs to; "" for the constant.
        groups: 0/1 columns of limit row, segment and source, by which an answer to the rate may
            differ.
    """

    columns: Floats
    causes: tuple[str, ...]
    groups: Floats

    @property
    def named(self) -> tuple[str, ...]:
        """Return the causes, each once."""
        return tuple(dict.fromkeys(name for name in self.causes if name))

    def without(self, cause: str) -> Mix:
        """Return the mix as if a cause had not been recorded."""
        kept = [at for at, name in enumerate(self.causes) if name != cause]
        return Mix(self.columns[:, kept], tuple(self.causes[at] for at in kept), self.groups)

    def part(self, kept: Flags) -> Mix:
        """Return the rows of some offers."""
        return Mix(self.columns[kept], self.causes, self.groups[kept])

    def joined(self, cause: str, columns: Floats) -> Mix:
        """Return the mix with a further cause."""
        causes = (*self.causes, *[cause] * columns.shape[1])
        return Mix(np.column_stack([self.columns, columns]), causes, self.groups)


def mix_of(offers: Offers, leaving_out: Sequence[str] = (), *, with_price: bool = True) -> Mix:
    """Return what was known beforehand of each offer, but for what is to be left out.

    Args:
        offers: The offers.
        leaving_out: Causes not to be used.
        with_price: Whether list amounts and limit rows, which take a price, are known and used.
    """
    columns, causes = [np.ones(len(offers))], [""]
    if with_price:
        size = _standard(np.log(offers.listed))
        columns += [size, size * size]
        causes += ["deal.list_amount"] * 2
    for cause, column in _columns(offers, leaving_out):
        columns.append(column)
        causes.append(cause)
    if with_price:
        rows = level_columns(offers.row)[:, 1:]
        columns += [*rows.T]
        causes += ["row"] * rows.shape[1]
    return Mix(np.column_stack(columns), tuple(causes), _groups(offers))


def _columns(offers: Offers, leaving_out: Sequence[str]) -> Iterator[tuple[str, Floats]]:
    yield "season", _standard(offers.created.astype(np.float64))
    quarter = offers.created // QUARTER
    for each in np.unique(quarter)[1:]:
        yield "season", (quarter == each).astype(np.float64)
    for name, values in offers.causes.items():
        if name in leaving_out:
            continue
        yield from ((name, column) for column in cause_columns(values).T)


def cause_columns(values: npt.NDArray[Any]) -> Floats:
    """Return the columns of one cause: a number and whether it is known, or levels."""
    return _levels(values) if values.dtype == object else _numbers(values)


def level_columns(codes: Ints, most: int = MOST_LEVELS) -> Floats:
    """Return a 0/1 column for each level that is frequent enough, the most frequent first."""
    known = codes[codes >= 0]
    counts = np.bincount(known)
    least = max(LEAST_DEALS, LEAST_SHARE * codes.size)
    kept = [at for at in np.argsort(-counts, kind="stable") if counts[at] >= least]
    columns = [(codes == at).astype(np.float64) for at in kept[:most]]
    return np.column_stack(columns) if columns else np.empty((codes.size, 0))


def codes_of(values: npt.NDArray[Any]) -> Ints:
    """Return a number for each value; a missing one is a value of its own."""
    named: dict[Any, int] = {}
    return np.array([named.setdefault(value, len(named)) for value in values], dtype=np.int64)


def _levels(values: npt.NDArray[Any]) -> Floats:
    """Return a column a level but for the most frequent, to which the others are compared."""
    return level_columns(codes_of(values))[:, 1:]


def _numbers(values: Floats) -> Floats:
    known: Flags = np.isfinite(values)
    columns = []
    if known.mean() >= LEAST_KNOWN:
        read = values[known]
        if np.abs(read).max() > SKEWED:
            read = np.sign(read) * np.log1p(np.abs(read))
        if read.std() > 0:
            filled = np.zeros(values.size)
            filled[known] = _standard(read)
            columns.append(filled)
    if 0 < known.sum() < known.size:
        columns.append((~known).astype(np.float64))
    return np.column_stack(columns) if columns else np.empty((values.size, 0))


def _groups(offers: Offers) -> Floats:
    named = (codes_of(offers.causes[name]) for name in _GROUPED if name in offers.causes)
    return np.column_stack([level_columns(codes) for codes in (offers.row, *named)])


def _standard(values: Floats) -> Floats:
    spread = values.std()
    return np.asarray((values - values.mean()) / (spread if spread > 0 else 1.0))
