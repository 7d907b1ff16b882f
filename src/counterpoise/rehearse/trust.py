"""How far to trust an effect: how strong a cause nobody recorded would have to be to undo it.

Leaving a cause out moves a sum by at most S·√(C_Y²·C_D²) (Chernozhukov, Cinelli, Newey, Sharma &
Syrgkanis 2022): S² is the sum of squares of what the model leaves unexplained times that of the
weights; C_Y² is the share of the unexplained that the cause would explain, and C_D² = R/(1 − R)
for the share R of the weights' variance that it would. The *robustness value* is the share, the
same of both, that would bring the nearer end of the interval to 0.

The weights are the linear representer: those of a model whose log-odds are a straight line in the
rate. Its slope is the best told part of any answer to the rate, so a cause that could undo it could
undo the whole. The strength of a recorded cause is measured in the same way, by leaving it out. No
figure of this kind detects a cause that nobody recorded.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from counterpoise.rehearse.dose import Dose
from counterpoise.rehearse.estimating import NORMAL_95, Estimated, Shift, Surface
from counterpoise.rehearse.results import Robustness
from counterpoise.rehearse.sampling import MOST_OFFERS, sampled


def robustness(surface: Surface, totals: Mapping[str, Estimated]) -> Robustness:
    """Return how strong an unrecorded cause would have to be, beside the strongest recorded one.

    Args:
        surface: What the effect was estimated with.
        totals: The estimated sums, each of which gets its scale.
    """
    line = straight(sampled(surface, MOST_OFFERS))
    one = Shift(np.ones(len(line.offers)), np.ones(len(line.offers)))
    total = line.total(one)
    scale = scale_of(line, total)
    # Noise of the whole is less than that of a sample, the shares are the same.
    thinned = math.sqrt(len(line.offers) / len(surface.offers))
    end = max(0.0, abs(total.estimate) - NORMAL_95 * total.error * thinned)
    strengths = {cause: _strength(line, total, one, cause) for cause in line.mix.named}
    strongest = max(strengths, key=lambda cause: strengths[cause], default=None)
    most = strengths[strongest] if strongest else 0.0
    value = equal_share(end / scale)
    scales = {name: scale_of(surface, each) for name, each in totals.items()}
    return Robustness(value, most, strongest, fragile=value < most, scale=scales)


def straight(surface: Surface) -> Surface:
    """Return the surface with log-odds that are a straight line in the rate."""
    nothing = surface.mix.groups[:, :0]
    dose = Dose(surface.dose.unit, (), nothing)
    return Surface(surface.offers, surface.mix, dose, surface.new_rate)


def scale_of(surface: Surface, total: Estimated) -> float:
    """Return S: what an omitted cause of strength 1 could move the sum by."""
    unexplained = float(surface.residual @ surface.residual)
    return math.sqrt(unexplained * float(total.weights @ total.weights)) or 1.0


def equal_share(part: float) -> float:
    """Return the share R, the same of both, that moves a sum by `part` of its scale.

    R²/(1 − R) = part².

    >>> round(equal_share(0.5), 4)
    0.3904
    >>> equal_share(0.0)
    0.0
    """
    square = part * part
    return 0.5 * (math.sqrt(square * square + 4.0 * square) - square)


def _strength(line: Surface, total: Estimated, one: Shift, cause: str) -> float:
    """Return the equal share that would do what leaving a recorded cause out can do.

    The model without the cause is one Newton step from the model with it, in the columns that
    stay. What is left unexplained is counted by degree of freedom: many levels explain by chance.
    """
    if not total.weights.any():
        return 0.0
    stay = np.ones(line.columns.shape[1], dtype=np.bool_)
    stay[: len(line.mix.causes)] = [name != cause for name in line.mix.causes]
    residual, weights = line.left_with(stay, one)
    whole = line.offers.won - line.model.chance(line.columns)
    left = (whole @ whole) / max(1, whole.size - stay.size)
    more = (residual @ residual) / max(1, whole.size - stay.sum())
    of_winning = max(0.0, 1.0 - float(left / more))
    moved = total.weights - weights
    odds_of_weights = float(moved @ moved) / (float(weights @ weights) or math.inf)
    return equal_share(math.sqrt(of_winning * odds_of_weights))
