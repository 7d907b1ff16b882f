"""Piling up: more values just on one side of a mark than a smooth density and round habits explain.

Values are counted in bins as wide as told, aligned with the mark. A Poisson regression with a
logarithmic link is fitted to all bins but the two up to the mark: for every series (values that
share a mark) a log-quadratic curve of its own, a common bend, and one common factor for bins that
hold a round value of each step, so that what people heap anyway is learned elsewhere. What the two
bins hold beyond its forecast is the excess (Chetty, Friedman, Olsen & Pistaferri 2011; Saez 2010).

A tenth more than forecast is no news: answers to what was refused, and what a smooth curve misses,
come to that among the blameless. The error is what the two bins vary by where that tenth is all
there is: their counting error and that of the forecast, both of a tenth more than forecast and with
the dispersion of the fitted bins (at least 1), held against Student's t.
Assumption: without the mark the density is smooth there and round values draw as much as elsewhere.
It fails by missing where the mark is round and no other round value is near, and where what was
moved came from bins that the curve is fitted to, which only makes the excess smaller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from counterpoise.watch.distributions import t_above
from counterpoise.watch.sample import Flags, Floats, Ints

AT_MARK = 2
"""Bins up to the mark that are left out of the fit."""
_NO_NEWS = 0.10
_NEAR = 1e-6
_ROUNDS = 60


@dataclass(frozen=True)
class Series:
    """Values that share a mark, each with how often it occurs; high values lie beyond the mark.

    Where piling up is looked for just above a mark, give values and mark with the sign turned.
    """

    mark: float
    values: Floats
    counts: Floats


@dataclass(frozen=True)
class Bins:
    """Counted values: one entry a bin of a series.

    `upper` is the bin's upper end, which belongs to it; `place` is 0 for the bin that ends at the
    mark, 1 for the one below it, negative beyond.
    """

    series: Ints
    place: Ints
    upper: Floats
    count: Floats

    @property
    def is_at_mark(self) -> Flags:
        """Tell which bins are left out of the fit."""
        return np.asarray((self.place >= 0) & (self.place < AT_MARK), dtype=np.bool_)


@dataclass(frozen=True)
class Pile:
    """What stands in the two bins up to the mark, all series together.

    `forecast` has one entry a bin.
    """

    bins: Bins
    forecast: Floats
    observed: float
    expected: float
    error: float
    p: float


def counted(series: Sequence[Series], width: float) -> Bins:
    """Count values in bins as wide as told, from the lowest value to the highest.

    >>> counted([Series(6.0, np.array([5.0, 5.6, 6.0, 6.1]), np.ones(4))], 0.5).count.tolist()
    [1.0, 0.0, 2.0, 1.0]
    """
    parts = []
    for at, each in enumerate(series):
        place = np.floor((each.mark - each.values) / width + _NEAR).astype(np.int64)
        first, last = min(int(place.min()), -1), max(int(place.max()), AT_MARK - 1)
        places = np.arange(last, first - 1, -1)
        count = np.bincount(last - place, each.counts, len(places))
        parts.append((np.full(len(places), at), places, each.mark - places * width, count))
    own, places, upper, count = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Bins(own, places, upper, count.astype(np.float64))


def piled_up(series: Sequence[Series], width: float, steps: Sequence[float]) -> Pile | None:
    """Judge what stands in the two bins up to the mark of each series.

    Args:
        series: The values, by what mark they have.
        width: Of a bin.
        steps: Values are round at multiples of these.

    Returns:
        None where too few bins are left to fit.
    """
    bins = counted(series, width)
    design, left_out = _design(bins, width, steps), bins.is_at_mark
    fitted = _poisson(design[~left_out], bins.count[~left_out])
    freedom = int((~left_out).sum()) - design.shape[1]
    if fitted is None or freedom < 1:
        return None
    beta, spread = fitted
    forecast = np.exp(np.clip(design @ beta, -30.0, 30.0))
    usual = forecast[~left_out]
    pearson = float(((bins.count[~left_out] - usual) ** 2 / np.maximum(usual, 1e-3)).sum())
    dispersion = max(1.0, pearson / freedom)
    expected = float(forecast[left_out].sum())
    pull = design[left_out].T @ forecast[left_out]
    usual_more = 1 + _NO_NEWS
    counting = usual_more * expected + usual_more**2 * float(pull @ spread @ pull)
    error = float(np.sqrt(dispersion * counting))
    observed = float(bins.count[left_out].sum())
    p = float(t_above((observed - usual_more * expected) / error, freedom))
    return Pile(bins, forecast, observed, expected, error, p)


def _design(bins: Bins, width: float, steps: Sequence[float]) -> Floats:
    """Return a curve for each series, a common bend, and a column for each step of round values."""
    center = np.average(bins.upper, weights=bins.count + 1e-9)
    scale = max(float(np.sqrt(np.average((bins.upper - center) ** 2, weights=bins.count))), width)
    x = (bins.upper - center) / scale
    columns = []
    for at in range(int(bins.series.max()) + 1):
        own = (bins.series == at).astype(float)
        columns += [own, own * x, own * x**2]
    columns += [x**3, *(_holds_round(bins, width, step) for step in steps)]
    whole = np.column_stack(columns)
    return np.asarray(whole[:, whole[~bins.is_at_mark].any(axis=0)])


def _holds_round(bins: Bins, width: float, step: float) -> Floats:
    """Tell which bins hold a multiple of a step."""
    above = np.floor(bins.upper / step + _NEAR)
    below = np.floor((bins.upper - width) / step + _NEAR)
    return np.asarray((above > below).astype(float))


def _poisson(design: Floats, count: Floats) -> tuple[Floats, Floats] | None:
    """Fit by Fisher scoring; return the coefficients and their covariance without dispersion."""
    if count.sum() <= 0 or len(count) <= design.shape[1]:
        return None
    level = np.log(np.maximum(count, 0.2))
    ridge = 1e-6 * np.eye(design.shape[1])
    beta = np.linalg.lstsq(design, level, rcond=None)[0]
    for _ in range(_ROUNDS):
        mean = np.exp(np.clip(design @ beta, -30.0, 30.0))
        weighted = design * mean[:, None]
        step = np.linalg.solve(design.T @ weighted + ridge, design.T @ (count - mean))
        beta = beta + step * min(1.0, 5.0 / (np.abs(step).max() + 1e-12))
        if np.abs(step).max() < 1e-8:
            break
    mean = np.exp(np.clip(design @ beta, -30.0, 30.0))
    spread = np.linalg.inv(design.T @ (design * mean[:, None]) + ridge)
    return np.asarray(beta, dtype=np.float64), np.asarray(spread, dtype=np.float64)
