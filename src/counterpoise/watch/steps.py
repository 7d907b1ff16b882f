"""Since when: the slice of the window from which on an effect stands."""

from __future__ import annotations

import datetime as dt

import numpy as np

from counterpoise.watch.mix import SLICE_DAYS, SLICES
from counterpoise.watch.sample import Floats
from counterpoise.watch.watched import Watched

_SURE = 9.0
"""By how many variances of a row a later start must fit better than the first."""


def slice_day(watched: Watched, number: int) -> dt.date:
    """Return the first day of a slice of the window."""
    if number == 0:
        return watched.first
    return watched.last - dt.timedelta(days=SLICE_DAYS * (SLICES - number) - 1)


def step(effect: Floats, n: Floats, variance: float) -> int:
    """Return the place from which on effects stand at one level above 0.

    Before it they are taken to be 0: least squares over every start, the first one unless another
    fits better by nine variances of a row.

    >>> step(np.array([0.0, 0.0, 0.0, 2.0, 2.0]), np.full(5, 20.0), 1.0)
    3
    >>> step(np.array([2.0, 1.0, 3.0, 2.0, 2.0]), np.full(5, 20.0), 1.0)
    0
    """
    sums, rows = _from_here(n * effect), _from_here(n)
    explained = np.where(sums > 0, sums, 0.0) ** 2 / np.maximum(rows, 1.0)
    best = int(explained.argmax())
    return best if explained[best] > explained[0] + _SURE * variance else 0


def _from_here(values: Floats) -> Floats:
    return np.cumsum(values[::-1])[::-1]
