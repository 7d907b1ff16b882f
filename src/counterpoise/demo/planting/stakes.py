"""What a planted fault came to: how many rows, and how much money in the last twelve months."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.arrays import Flags, Floats
from counterpoise.demo.deals import WON, Deals
from counterpoise.demo.planting.fault import Act
from counterpoise.demo.planting.subjects import in_window
from counterpoise.demo.rates import negotiable

_STANDS = 0.93
"""What stands in the end of points in mind: some requests are refused, some rates are capped."""


def deepen(act: Act, deals: Deals, rows: Flags, points: Floats | float) -> None:
    """Deepen the rates of some deals that may be negotiated, by so many points on average."""
    extra = np.where(rows & negotiable(deals), points, 0.0)
    deeper = np.maximum(deals.wish, 0.0) + extra / _STANDS
    deals.wish = np.where(extra > 0, deeper, deals.wish)
    deals.notes[act.plant.key] = extra


def count_given(act: Act, deals: Deals) -> None:
    """Count the deals whose rate was deepened, and what that gave away on won ones."""
    extra = deals.notes[act.plant.key]
    won = (deals.outcome == WON) & in_window(act.world, deals)
    act.plant.count(int((extra > 0).sum()), float((extra * deals.list_home)[won].sum()))
