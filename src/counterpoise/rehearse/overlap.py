"""Overlap: whether the rates that a candidate leaves were ever given to like deals."""

from __future__ import annotations

import numpy as np

from counterpoise.rehearse.exact import Flags
from counterpoise.rehearse.offers import Floats, Offers

NEAR = 0.01
"""A rate is near another within one point."""
LEAST_NEAR = 10
"""So many deals of the same limit row tell what comes of a rate."""


def supported(offers: Offers) -> tuple[Floats, float]:
    """Return the rates that the candidate leaves, where deals tell what comes of them.

    Where too few deals of the same limit row had a rate near the new one, the rate is left as it
    was: that part is bounded, not estimated.

    Returns:
        The new rates, and the share of the deals to be cut whose new rate is told.
    """
    cut = offers.rate - offers.new_rate > 0
    if not cut.any():
        return offers.new_rate, 1.0
    told: Flags = np.zeros(len(offers), dtype=np.bool_)
    for row in np.unique(offers.row[cut]):
        here = offers.row == row
        given = np.sort(offers.rate[here])
        asked = offers.new_rate[here & cut]
        near = np.searchsorted(given, asked + NEAR, "right") - np.searchsorted(
            given, asked - NEAR, "left"
        )
        told[here & cut] = near >= LEAST_NEAR
    return np.where(cut & ~told, offers.rate, offers.new_rate), float(told[cut].mean())
