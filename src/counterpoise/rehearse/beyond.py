"""What lies beyond the data: bounds where nobody has been, and no estimate."""

from __future__ import annotations

import numpy as np

from counterpoise.rehearse.offers import Offers
from counterpoise.rehearse.results import Loosened

AT_LIMIT = 0.005
"""An offer within half a point below its limit may have been held by it."""
NOTICEABLE = 0.001
SAME = 1e-4
"""Prices are rounded to cents: rates that differ by less are the same."""


def loosened(offers: Offers) -> Loosened | None:
    """Bound what offers could do that stood at a limit which the candidate lifts.

    Each of them may go to any rate up to the new limit, and what it wins by that nobody knows. At
    worst all go to the new limit, and the won ones cost the difference; at best those that were
    lost are won at the new limit. Money where list and cost are known.
    """
    room = offers.former_limit - offers.rate
    lifted = offers.limit - offers.former_limit
    freed = (
        (room >= -SAME)
        & (room <= AT_LIMIT + SAME)
        & (lifted > NOTICEABLE)
        & np.isfinite(offers.cost)
    )
    if not freed.any():
        return None
    listed, won = offers.listed[freed], offers.won[freed]
    more = listed * (offers.limit - offers.rate)[freed]
    margin = listed * (1.0 - offers.limit[freed]) - offers.cost[freed]
    return Loosened(
        deals=int(freed.sum()),
        list_revenue=float(listed.sum()),
        margin_low=-float(more[won].sum()),
        margin_high=float(np.maximum(margin[~won], 0.0).sum()),
    )
