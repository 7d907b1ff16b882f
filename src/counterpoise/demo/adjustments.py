"""What is taken off after closing: rebates, credit notes, freight."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.arrays import choose
from counterpoise.demo.columns import ids, instants, money, words
from counterpoise.demo.deal_tables import deal_ids
from counterpoise.demo.deals import WON, Deals
from counterpoise.demo.export import Columns
from counterpoise.demo.world import World

WIDTH = 7
_KINDS = ("rebate", "credit_note", "freight")
_SHARE = 0.06
_OF_NET = np.array([0.02, 0.01, 0.004])


def adjustments_table(
    world: World, deals: Deals, rng: np.random.Generator, first_number: int
) -> Columns:
    """Return what was taken off one won deal in sixteen, up to the last day."""
    net = deals.sums(deals.lines.quantity * deals.net_price)
    taken = rng.random(deals.size) < _SHARE
    kind = choose(rng, np.array([0.4, 0.2, 0.4]), deals.size)
    amount = (net * _OF_NET[kind] * rng.uniform(0.5, 1.5, deals.size)).astype(np.int64)
    wait = rng.integers(600, 480 * 45, deals.size)
    booked = world.work.later(deals.closed, wait)
    rows = np.flatnonzero(taken & (deals.outcome == WON) & (booked < world.ends) & (amount > 0))
    return {
        "adjustment_id": ids("J", first_number + np.arange(len(rows)), WIDTH),
        "deal_id": deal_ids(deals.number[rows]),
        "kind": words(_KINDS, kind[rows]),
        "amount": money(amount[rows]),
        "booked_at": instants(booked[rows]),
    }
