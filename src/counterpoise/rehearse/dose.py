"""The dose: how the chance of winning may answer to the rate, as columns of a model.

A straight line, its own slope for each limit row, segment and source, and a bend at each of a few
knots that all deals share. The bends let the answer be nothing up to a point, or wear off; one lies
at list itself where deals above list were made, as what they answer to is no discount.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from counterpoise.rehearse.exact import Flags
from counterpoise.rehearse.offers import Floats

LEAST_RATE, MOST_RATE = -0.5, 1.0
"""Beyond half above list, and beyond a gift, an answer is the same: one slip of a price decides
nothing."""
MOST_KNOTS = 5
LEAST_BETWEEN = 0.3
"""Knots lie at least so far apart, in standard deviations of the rate."""
LEAST_ABOVE_LIST = 30
"""So many deals above list tell a bend at list."""
RIDGE_SLOPE = 1e-3
RIDGE_GROUP = 40.0
RIDGE_BEND = 1.0
"""Precisions of normal priors, for a rate in its standard deviations: a group's slope is known to
a sixth and a bend to one log-odds until the deals tell more, the common slope is free."""


@dataclass(frozen=True)
class Dose:
    """Columns of the rate: a slope, a slope a group, and a bend a knot.

    Attributes:
        unit: One standard deviation of the rates that were given.
        knots: Rates at which the answer may bend.
        groups: 0/1 columns, one row an offer.
        group_ridge: The precision of a group's slope: how much alike groups are.
        bend_ridge: The precision of a bend: how straight the answer is.
    """

    unit: float
    knots: tuple[float, ...]
    groups: Floats
    group_ridge: float = RIDGE_GROUP
    bend_ridge: float = RIDGE_BEND

    @classmethod
    def of(cls, rate: Floats, groups: Floats) -> Dose:
        """Choose the unit and the knots by the rates that were given."""
        held = _held(rate)
        unit = float(held.std())
        return cls(unit if unit > 0 else 1.0, _knots(held, unit), groups)

    def part(self, kept: Flags) -> Dose:
        """Return the dose of some offers."""
        return replace(self, groups=self.groups[kept])

    @property
    def ridge(self) -> Floats:
        """Return the penalty of each column."""
        return np.array(
            [RIDGE_SLOPE]
            + [self.group_ridge] * self.groups.shape[1]
            + [self.bend_ridge] * len(self.knots)
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
    """Return list where deals lie above it, and quantiles of the rates below, all apart.

    At most `MOST_KNOTS` quantiles.
    """
    below = rate[rate > 0]
    if below.size < 10 * MOST_KNOTS:
        return ()
    shares = (np.arange(MOST_KNOTS) + 0.5) / MOST_KNOTS
    kept = [0.0] if (rate < 0).sum() >= LEAST_ABOVE_LIST else []
    for knot in np.quantile(below, shares):
        if not kept or knot - kept[-1] >= LEAST_BETWEEN * unit:
            kept.append(float(knot))
    return tuple(kept)
