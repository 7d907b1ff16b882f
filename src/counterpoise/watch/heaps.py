"""Heaps: whether more cases stand at a place of a scale than the places around it let expect.

Counts by bin are fitted by a Poisson regression on a cubic of the place, a step at the mark and
round values, without the bins of the heap and those that it may have been taken from. What stands
in the heap is held against a negative binomial with the fitted mean and its uncertainty, spread as
much wider than Poisson as the fitted bins are (Chetty, Friedman, Olsen & Pistaferri 2011 for the
bins left out; McCullagh & Nelder 1989 for the dispersion). A step at the mark is no heap: what
reaches the mark may be recorded more often than what does not.

Assumption: without a heap the density is smooth on both sides, but for round values. It fails by
missing where the whole scale is lumpy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from counterpoise.watch.judge import NORMAL_95
from counterpoise.watch.sample import Flags, Floats, Ints

HEAP = range(3)
"""Bins of the heap: the mark itself and the next two."""
DONORS = range(-8, 0)
"""Bins below the mark that a heap may have been taken from."""
_REACH = 40
_ROUND = (5, 10)
_STEPS = 50


@dataclass(frozen=True)
class Heap:
    """What stands in the heap, what is expected there and below, and how sure it is.

    `low` and `high` hold what is expected with 95 %; `p` is one-sided, NaN where the bins around
    are too few to tell.
    """

    count: int
    expected: float
    low: float
    high: float
    donors: float
    p: float


def bin_width(spread: float) -> float:
    """Return the width of a bin for scores that spread so far: a fifteenth of it, rounded.

    >>> bin_width(15.0), bin_width(0.2), bin_width(110.0)
    (1.0, 0.01, 10.0)
    """
    if spread <= 0:
        return 1.0
    aim = spread / 15
    power = 10.0 ** np.floor(np.log10(aim))
    steps = np.array([1.0, 2.0, 5.0, 10.0]) * power
    nearest = steps[np.abs(np.log(steps / aim)).argmin()]
    return float(round(nearest, 10))


def heap(counts: Mapping[int, int], mark_number: int) -> Heap:
    """Judge whether cases heap up just above a mark.

    Args:
        counts: Cases by bin; bin 0 starts at the mark.
        mark_number: How many bin widths the mark is from 0, to tell which bins are round.
    """
    low, high = max(min(counts, default=0), -_REACH), min(max(counts, default=0), _REACH)
    bins = np.arange(low, high + 1)
    found = np.array([counts.get(int(each), 0) for each in bins], dtype=np.float64)
    design = _design(bins, mark_number)
    fitted = ~np.isin(bins, [*DONORS, *HEAP])
    count = int(sum(counts.get(each, 0) for each in HEAP))
    differs = (
        np.ptp(design[fitted], axis=0) > 0 if fitted.any() else np.zeros(design.shape[1], bool)
    )
    differs[0] = True
    used = design[:, differs]
    if fitted.sum() < 2 * used.shape[1] or found[fitted].sum() < 5 * used.shape[1]:
        return Heap(count, 0.0, 0.0, 0.0, 0.0, float("nan"))
    return _judged(used, found, fitted, bins, count)


def _design(bins: Ints, mark_number: int) -> Floats:
    place = bins / _REACH
    values = bins + mark_number
    rounds = [(values % step == 0).astype(np.float64) for step in _ROUND]
    step = (bins >= 0).astype(np.float64)
    return np.column_stack([np.ones(len(bins)), place, place**2, place**3, step, *rounds])


def _judged(design: Floats, found: Floats, fitted: Flags, bins: Ints, count: int) -> Heap:
    beta, covariance = _poisson(design[fitted], found[fitted])
    mean = np.exp(design @ beta)
    freedom = int(fitted.sum()) - design.shape[1]
    pearson = float(((found - mean)[fitted] ** 2 / np.maximum(mean[fitted], 1e-9)).sum())
    wider = max(1.0, pearson / max(freedom, 1))
    heaped = np.isin(bins, HEAP)
    expected = float(mean[heaped].sum())
    slope = mean[heaped] @ design[heaped]
    variance = wider * (expected + float(slope @ covariance @ slope))
    half = NORMAL_95 * float(np.sqrt(variance))
    donors = float(mean[np.isin(bins, DONORS)].sum())
    p = _tail(count, expected, variance)
    return Heap(count, expected, max(0.0, expected - half), expected + half, donors, p)


def _tail(count: int, mean: float, variance: float) -> float:
    """Return the chance of so many, negative binomial; Poisson where it varies no more."""
    from scipy import stats

    if mean <= 0:
        return float("nan")
    if variance <= mean * (1 + 1e-9):
        return float(stats.poisson.sf(count - 1, mean))
    size = mean**2 / (variance - mean)
    return float(stats.nbinom.sf(count - 1, size, mean / variance))


def _poisson(design: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Fit log means by Newton's steps; return the coefficients and their covariance."""
    beta = np.zeros(design.shape[1])
    beta[0] = np.log(max(float(counts.mean()), 1e-3))
    ridge = 1e-8 * np.eye(design.shape[1])
    for _ in range(_STEPS):
        mean = np.exp(np.clip(design @ beta, -30, 30))
        information = design.T @ (design * mean[:, None]) + ridge
        step = np.linalg.solve(information, design.T @ (counts - mean))
        step *= min(1.0, 2.0 / max(float(np.abs(design @ step).max()), 1e-12))
        beta = beta + step
        if np.abs(step).max() < 1e-9:
            break
    mean = np.exp(np.clip(design @ beta, -30, 30))
    covariance = np.linalg.inv(design.T @ (design * mean[:, None]) + ridge)
    return beta, np.asarray(covariance, dtype=np.float64)
