"""Turns: how a measure of campaigns or sources turned from before to the last half-year.

A company has few campaigns, too few for their spread to tell what is usual. But each has a past:
every half-year is held against the two before it, and how far such turns go when nothing is wrong
is learned from all of them. The peers' same turn is taken off first, as the median of the others'.

Assumption: what moves a campaign from one half-year to the next is as large in the past as now.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np

from counterpoise.watch.judge import FEWEST_ROWS, Judgement, against_peers
from counterpoise.watch.mix import SLICE_DAYS, Cells
from counterpoise.watch.sample import Floats, Sample
from counterpoise.watch.watched import Watched

SPANS = 7
"""Spans of 26 days in a half-year."""
BEFORE = 2
"""Half-years that one is held against."""
_FEWEST = 8
_MEDIAN = np.pi / 2


@dataclass(frozen=True)
class Turns:
    """The subjects' last half-year against before, and what was found.

    `sample` has one entry a subject with rows enough in both; expected is what the mix, its own
    past and the others' same turn let expect. `before` is its own past level.
    """

    sample: Sample
    judged: Judgement
    before: Floats


def half_first(watched: Watched, half: int) -> dt.date:
    """Return the first day of a half-year, counted back from the last one."""
    return watched.last - dt.timedelta(days=SPANS * SLICE_DAYS * (half + 1) - 1)


def turns(halves: Halves) -> Turns:
    """Judge how far each subject fell in the last half-year."""
    found = [halves.turn(number) for number in range(halves.count)]
    every = _joined(found)
    if every.size < _FEWEST:
        every = every.where(np.zeros(every.size, dtype=bool))
    judged = against_peers(every.turned()).turned()
    own = np.arange(found[0].size if found and every.size else 0)
    return Turns(
        every.where(own),
        Judgement(judged.expected[own], judged.low[own], judged.high[own], judged.p[own]),
        halves.before(every.ids[: len(own)]),
    )


@dataclass(frozen=True)
class Halves:
    """Sums by subject and half-year, the last half-year first."""

    ids: tuple[str, ...]
    n: Floats
    total: Floats
    expected: Floats
    base: Floats
    sigma2: float

    @classmethod
    def of(cls, cells: Cells) -> Halves:
        """Add up cells whose groups are spans of 26 days, counted back from the last day."""
        spans = np.array([int(each) for each in cells.groups], dtype=np.int64)
        own = (cells.subject >= 0) & (cells.group >= 0)
        half = spans[cells.group[own]] // SPANS if len(spans) else np.zeros(0, dtype=np.int64)
        shape = (len(cells.subjects), int(half.max(initial=0)) + 1)
        place = cells.subject[own] * shape[1] + half
        sums = [
            np.bincount(place, values[own], shape[0] * shape[1]).astype(np.float64).reshape(shape)
            for values in (cells.n.astype(float), cells.total, cells.expected, cells.base)
        ]
        return cls(cells.subjects, sums[0], sums[1], sums[2], sums[3], cells.sigma2)

    @property
    def count(self) -> int:
        """Return how many half-years can be held against one before."""
        return int(self.n.shape[1]) - 1

    def before(self, ids: tuple[str, ...]) -> Floats:
        """Return the level of some subjects before the last half-year."""
        rows = np.array([self.ids.index(each) for each in ids], dtype=np.int64)
        earlier = slice(1, 1 + BEFORE)
        n = self.n[rows, earlier].sum(axis=1)
        found: Floats = self.total[rows, earlier].sum(axis=1) / np.maximum(n, 1.0)
        return found

    def less(self, id_: str, other: Halves, member: str) -> Halves:
        """Return the sums with those of a member of another level taken off one subject."""
        at, from_ = self.ids.index(id_), other.ids.index(member)
        width = min(self.n.shape[1], other.n.shape[1])
        changed = {}
        for name in ("n", "total", "expected", "base"):
            sums = getattr(self, name).copy()
            sums[at, :width] -= getattr(other, name)[from_, :width]
            changed[name] = sums
        return replace(self, **changed)

    def fall(self, id_: str) -> float:
        """Return how many cases short of before a subject is in the last half-year."""
        at, earlier = self.ids.index(id_), slice(1, 1 + BEFORE)
        beyond = self.total - self.expected
        before = beyond[at, earlier].sum() / max(self.n[at, earlier].sum(), 1.0)
        return float(before * self.n[at, 0] - beyond[at, 0])

    def turn(self, number: int) -> Sample:
        """Return how subjects turned in a half-year, less what the others did."""
        earlier = slice(number + 1, number + 1 + BEFORE)
        late_n, early_n = self.n[:, number], self.n[:, earlier].sum(axis=1)
        kept = np.flatnonzero((late_n >= FEWEST_ROWS) & (early_n >= FEWEST_ROWS))
        late_n, early_n = late_n[kept], early_n[kept]
        late = (self.total[kept, number] - self.expected[kept, number]) / late_n
        early = (self.total[kept, earlier] - self.expected[kept, earlier]).sum(axis=1) / early_n
        variance = self.sigma2 * (1 / late_n + 1 / early_n)
        shift = np.array([_median_of_others(late - early, at) for at in range(len(kept))])
        common = _MEDIAN * variance.mean() / max(len(kept) - 1, 1) if len(kept) else 0.0
        observed = self.total[kept, number] / late_n
        return Sample(
            ids=tuple(self.ids[at] for at in kept),
            groups=("",) * len(kept),
            n=np.minimum(late_n, early_n).astype(np.int64),
            observed=observed,
            expected=observed - (late - early) + shift,
            variance=variance + common,
            base=self.base[kept, number],
        )


def _median_of_others(values: Floats, at: int) -> float:
    others = np.delete(values, at)
    return float(np.median(others)) if len(others) >= 3 else 0.0


def _joined(samples: list[Sample]) -> Sample:
    """Lay samples one after another."""
    arrays = [
        np.concatenate([getattr(each, name) for each in samples]) if samples else np.zeros(0)
        for name in ("n", "observed", "expected", "variance", "base")
    ]
    ids = tuple(id_ for each in samples for id_ in each.ids)
    n, observed, expected, variance, base = arrays
    return Sample(ids, ("",) * len(ids), n.astype(np.int64), observed, expected, variance, base)
