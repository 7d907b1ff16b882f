"""The distributions that the judge holds figures against.

Thin over `scipy.special`: the whole of `scipy.stats` takes as long to load as a small review.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from counterpoise.watch.sample import Floats, Ints


def t_above(value: Floats | float, freedom: Floats | float) -> Floats:
    """Return the chance that Student's t lies above a value.

    Args:
        value: Of any sign; NaN stays.
        freedom: Degrees of freedom, above 0; without end it is the normal's.

    >>> t_above(np.array([0.0, 2.0]), 10).round(6).tolist(), round(float(t_above(2.0, np.inf)), 6)
    ([0.5, 0.036694], 0.02275)
    """
    below = -np.asarray(value, dtype=np.float64)
    degrees = np.asarray(freedom, dtype=np.float64)
    ends = np.where(np.isfinite(degrees), degrees, 1.0)
    found = np.where(np.isfinite(degrees), special.stdtr(ends, below), special.ndtr(below))
    return np.asarray(found, dtype=np.float64)


def t_end(share: float, freedom: float) -> float:
    """Return the value above which Student's t lies with a chance.

    >>> round(t_end(0.025, 10), 6)
    2.228139
    """
    if np.isinf(freedom):
        return normal_end(share)
    return float(-special.stdtrit(freedom, share))


def normal_end(share: float) -> float:
    """Return the value above which a standard normal lies with a chance.

    >>> round(normal_end(0.025), 6)
    1.959964
    """
    return float(-special.ndtri(share))


def normal_density(value: float) -> float:
    """Return the density of a standard normal.

    >>> round(normal_density(0.0), 6)
    0.398942
    """
    return float(np.exp(-(value**2) / 2) / np.sqrt(2 * np.pi))


def binomial_at_least(count: Ints, n: Ints, share: float) -> Floats:
    """Return the chance of at least so many of n, each with the same chance.

    >>> binomial_at_least(np.array([0, 3, 5]), np.array([4, 4, 4]), 0.5).tolist()
    [1.0, 0.3125, 0.0]
    """
    wanted = np.maximum(count, 1)
    found = special.betainc(wanted, np.maximum(n - wanted + 1, 1), share)
    return np.asarray(np.where(count <= 0, 1.0, np.where(count > n, 0.0, found)), dtype=np.float64)


def drawn_at_least(count: int, n: int, all_count: int, all_n: int) -> float:
    """Return the chance of at least so many of a sort among n drawn of all.

    >>> round(drawn_at_least(2, 2, 3, 5), 6), drawn_at_least(0, 2, 3, 5)
    (0.3, 1.0)
    """
    low, high = max(count, n - (all_n - all_count), 0), min(n, all_count)
    if low > high:
        return 0.0
    if count <= max(n - (all_n - all_count), 0):
        return 1.0
    drawn = np.arange(low, high + 1)
    ways = _ways(all_count, drawn) + _ways(all_n - all_count, n - drawn) - _ways(all_n, n)
    return float(min(1.0, np.exp(ways).sum()))


def exact_interval(count: int, n: int, share: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of a share (Clopper & Pearson 1934).

    >>> [round(end, 4) for end in exact_interval(5, 20)], exact_interval(0, 3)[0]
    ([0.0866, 0.491], 0.0)
    """
    tail = (1 - share) / 2
    low = float(special.betaincinv(count, n - count + 1, tail)) if count else 0.0
    high = float(special.betaincinv(count + 1, n - count, 1 - tail)) if count < n else 1.0
    return low, high


def trimmed_mean(values: Floats, share: float) -> float:
    """Return the mean of what is left when a share is cut off on each side.

    >>> trimmed_mean(np.array([100.0, 1, 2, 3, 4, 5, 6, 7, 8, -90]), 0.1)
    4.5
    """
    cut = int(share * len(values))
    return float(np.sort(values)[cut : len(values) - cut].mean())


def adjusted(p: Floats) -> Floats:
    """Return the p-values of a family adjusted by Benjamini & Hochberg (1995).

    >>> adjusted(np.array([0.01, 0.04, 0.03, 0.5])).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    found = np.empty(len(p))
    found[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return found


def _ways(n: int, drawn: Ints | int) -> Floats:
    """Return the logarithm of how many ways there are to draw so many of n."""
    found = special.gammaln(n + 1) - special.gammaln(np.asarray(drawn) + 1)
    return np.asarray(found - special.gammaln(n - np.asarray(drawn) + 1), dtype=np.float64)
