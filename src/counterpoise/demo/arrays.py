"""The kinds of arrays that the company is made of, and the few draws that NumPy lacks."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

NONE = -1
"""Stands for "no such row" in an array of positions, and for "never" in an array of times."""


def choose(rng: np.random.Generator, weights: Floats, size: int) -> Ints:
    """Draw positions in proportion to their weights, with replacement.

    >>> choose(np.random.default_rng(1), np.array([0.0, 1.0, 0.0]), 4).tolist()
    [1, 1, 1, 1]
    """
    edges = np.cumsum(weights)
    drawn = rng.random(size) * edges[-1]
    return np.asarray(np.searchsorted(edges, drawn, side="right"), dtype=np.int64)


def choose_within(rng: np.random.Generator, weights: Floats, first: Ints, last: Ints) -> Ints:
    """Draw for each row a position from its own half-open stretch, in proportion to weights."""
    edges = np.concatenate([[0.0], np.cumsum(weights)])
    low, high = edges[first], edges[last]
    drawn = low + rng.random(len(first)) * (high - low)
    found = np.searchsorted(edges, drawn, side="right") - 1
    return np.asarray(np.clip(found, first, last - 1), dtype=np.int64)


def half_even(value: Ints, by: int) -> Ints:
    """Divide whole numbers of at least zero and round a half to the even neighbour.

    >>> half_even(np.array([25, 35, 36]), 10).tolist()
    [2, 4, 4]
    """
    whole, rest = np.divmod(value, by)
    up = (2 * rest > by) | ((2 * rest == by) & (whole % 2 == 1))
    return np.asarray(whole + up, dtype=np.int64)


def count_before(groups: Ints) -> Ints:
    """Count for each row the earlier rows of the same group.

    >>> count_before(np.array([3, 5, 3, 3, 5])).tolist()
    [0, 0, 1, 2, 1]
    """
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(groups) else order
    sizes = np.diff(np.r_[starts, len(groups)])
    before = np.empty(len(groups), dtype=np.int64)
    before[order] = np.arange(len(groups)) - np.repeat(starts, sizes)
    return before


def logistic(value: Floats) -> Floats:
    """Turn log-odds into chances."""
    return 1.0 / (1.0 + np.exp(-value))
