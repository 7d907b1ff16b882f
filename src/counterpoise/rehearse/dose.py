"""The dose: how the chance of winning may answer to the rate, as columns of a model.

A straight line, its own slope for each limit row, segment and source, and a bend at each of a few
knots that all deals share. The bends let the answer be nothing up to a point, or wear off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from counterpoise.rehearse.exact import Flags
from counterpoise.rehearse.offers import Floats

LEAST_RATE, MOST_RATE = -0.5, 1.0
"""Beyond half above list, and beyond a gift, an answer is the same: one slip of a price decides
nothing."""
MOST_KNOTS = 5
LEAST_BETWEEN = 0.3
"""Knots lie at least so far apart, in standard deviations of the rate."""
RIDGE_SLOPE = 1e-3
RIDGE_GROUP = 40.0
RIDGE_BEND = 1.0
"""Precisions of normal priors, for a rate in its standard deviations: a group's slope is known to
a sixth, a bend to one log-odds, the common slope is free."""


@dataclass(frozen=True)
class Dose:
    """Columns of the rate: a slope, a slope a group, and a bend a knot.

    Attributes:
        unit: One standard deviation of the rates that were given.
        knots: Rates at which the answer may bend.
        groups: 0/1 columns, one row an offer.
    """

    unit: float
    knots: tuple[float, ...]
    groups: Floats

    @classmethod
    def of(cls, rate: Floats, groups: Floats) -> Dose:
        """Choose the unit and the knots by the rates that were given."""
        held = _held(rate)
        unit = float(held.std())
        return cls(unit if unit > 0 else 1.0, _knots(held, unit), groups)

    def part(self, kept: Flags) -> Dose:
        """Return the dose of some offers."""
        return Dose(self.unit, self.knots, self.groups[kept])

    @property
    def ridge(self) -> Floats:
        """Return the penalty of each column."""
        return np.array(
            [RIDGE_SLOPE] + [RIDGE_GROUP] * self.groups.shape[1] + [RIDGE_BEND] * len(self.knots)
        )

    def columns(self, rate: Floats) -> Floats:
        """Return the columns at given rates, one row an offer."""
        held = _held(rate)
        slope = (held / self.unit)[:, None]
        bends = np.maximum(held[:, None] - np.array(self.knots), 0.0) / self.unit
        return np.column_stack([slope, self.groups * slope, bends])


def _held(rate: Floats) -> Floats:
    return np.clip(rate, LEAST_RATE, MOST_RATE)


def _knots(rate: Floats, unit: float) -> tuple[float, ...]:
    """Return up to `MOST_KNOTS` quantiles of the rates below list, apart from each other."""
    below = rate[rate > 0]
    if below.size < 10 * MOST_KNOTS:
        return ()
    shares = (np.arange(MOST_KNOTS) + 0.5) / MOST_KNOTS
    kept: list[float] = []
    for knot in np.quantile(below, shares):
        if not kept or knot - kept[-1] >= LEAST_BETWEEN * unit:
            kept.append(float(knot))
    return tuple(kept)
