"""The band check: deals just above a limit beside deals just below it.

Within two points of what its owner may grant, a deal above the limit and one at or below it are
much alike. A doubly robust estimate there (augmented inverse propensity weights; Robins, Rotnitzky
& Zhao 1994) needs either the outcome model or the propensity to be right. It answers for the
smaller cuts only, so it is a check, not the result.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from counterpoise.rehearse.estimating import NORMAL_95, Shift, Surface
from counterpoise.rehearse.exact import Flags
from counterpoise.rehearse.logistic import fit
from counterpoise.rehearse.offers import Floats
from counterpoise.rehearse.results import Estimate

BAND = 0.02
SAME = 1e-4
"""Prices are rounded to cents: rates that differ by less are the same."""
LEAST = 50
"""Deals needed on each side of the limits."""
RIDGE = 1.0
MOST_ODDS = 20.0
"""Odds beyond these are cut, so that no deal stands for more than so many."""


@dataclass(frozen=True)
class Band:
    """Deals within the band, and how likely each was to stand above its limit.

    Attributes:
        above: Which deals are cut, by two points at most.
        below: Which lie within two points below their limit, or at it.
        odds: The odds of standing above, for those below; 0 elsewhere.
    """

    above: Flags
    below: Flags
    odds: Floats

    @property
    def effective_share(self) -> float:
        """Return Kish's effective share of the deals below: (Σω)² / (n·Σω²)."""
        weights = self.odds[self.below]
        return float(weights.sum() ** 2 / (weights.size * (weights @ weights)))


def band_of(surface: Surface) -> Band | None:
    """Return the deals within the band; None where a side has too few."""
    offers = surface.offers
    cut = offers.rate - surface.new_rate
    above = (cut > SAME) & (cut <= BAND + SAME)
    room = offers.limit - offers.rate
    below = (cut <= SAME) & (room >= -SAME) & (room <= BAND + SAME)
    if min(above.sum(), below.sum()) < LEAST:
        return None
    inside = above | below
    columns = surface.mix.columns[inside]
    ridge = np.full(columns.shape[1], RIDGE)
    ridge[0] = 1e-6
    chance = fit(columns, above[inside], ridge).chance(columns)
    odds = np.zeros(len(offers))
    odds[inside] = np.minimum(chance / (1.0 - chance), MOST_ODDS)
    odds[~below] = 0.0
    return Band(above, below, odds)


def checked(surface: Surface, band: Band, shift: Shift) -> Estimate:
    """Estimate one sum over the deals just above their limits.

    Σ over those above of h′·μ(d′) − h·y, and the residuals of those below in their place, each
    counted by its odds of standing above.
    """
    now, then = surface.fair
    parts = np.where(band.above, shift.after * then - shift.before * now, 0.0) * surface.counts
    beyond = (surface.offers.won - now) * surface.counts
    moved = np.where(band.above, -shift.before, band.odds * shift.before) * beyond
    total = float(parts.sum() + moved.sum())
    by_account = np.bincount(surface.offers.account, moved)
    error = float(np.sqrt(by_account @ by_account))
    return Estimate(total, total - NORMAL_95 * error, total + NORMAL_95 * error)
