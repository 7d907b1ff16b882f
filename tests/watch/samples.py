"""Samples for tests of the judge: effects given, or drawn with a known truth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from counterpoise.watch.sample import Sample

Floats = npt.NDArray[np.float64]


def sample(
    effect: Sequence[float] | Floats,
    *,
    variance: float | Floats = 0.0,
    groups: Sequence[str] = (),
    n: int | npt.NDArray[np.int64] = 100,
    base: float = 1.0,
) -> Sample:
    """Return subjects "0", "1", ... whose expected level is 0."""
    size = len(effect)
    return Sample(
        ids=tuple(str(at) for at in range(size)),
        groups=tuple(groups) or ("",) * size,
        n=np.broadcast_to(np.asarray(n, dtype=np.int64), (size,)).copy(),
        observed=np.asarray(effect, dtype=np.float64),
        expected=np.zeros(size),
        variance=np.broadcast_to(np.asarray(variance, dtype=np.float64), (size,)).copy(),
        base=np.full(size, base),
    )


def blameless(
    rng: np.random.Generator, size: int, spread: float, groups: Sequence[str] = ()
) -> Sample:
    """Draw people with 30 to 300 rows of standard deviation 5 who differ by a spread."""
    n = rng.integers(30, 300, size)
    effect = rng.normal(0.0, spread, size) + rng.normal(0.0, 5.0 / np.sqrt(n))
    return sample(effect, variance=25.0 / n, n=n, groups=groups)
