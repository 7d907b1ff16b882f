"""Fewer offers where a share or a score is asked for: whole accounts, drawn the same way always."""

from __future__ import annotations

import numpy as np

from counterpoise.rehearse.estimating import Surface

MOST_OFFERS = 40_000
"""More offers than these are sampled by account: a share does not get surer by more."""


def sampled(surface: Surface, most: int) -> Surface:
    """Return the surface over whole accounts with about `most` offers; over all if they are fewer.

    Args:
        surface: Over all offers.
        most: How many are enough.
    """
    offers = surface.offers
    if len(offers) <= most:
        return surface
    accounts = int(offers.account.max()) + 1
    lot = np.random.default_rng(accounts).random(accounts)[offers.account]
    return surface.part(lot <= np.quantile(lot, most / len(offers)))
