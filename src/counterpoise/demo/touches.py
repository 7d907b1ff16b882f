"""Touches: how people met the company's marketing on their way to becoming a lead."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.accounts import account_ids
from counterpoise.demo.arrays import NONE, Ints, choose
from counterpoise.demo.campaigns import CHANNELS, campaign_ids
from counterpoise.demo.columns import ids, instants, money, words
from counterpoise.demo.export import Columns
from counterpoise.demo.leads import Leads, lead_ids
from counterpoise.demo.worktime import MINUTES_A_DAY
from counterpoise.demo.world import World

WIDTH = 9
# Cost in cents by channel.
_COST = np.array([420, 260, 1_900, 5_200, 60, 700])


def touches_table(
    world: World, leads: Leads, rng: np.random.Generator, first_number: int
) -> tuple[Columns, Ints]:
    """Return the touches of a batch of leads, and what each campaign's cost in cents."""
    count = 1 + choose(rng, np.array([0.18, 0.27, 0.24, 0.16, 0.1, 0.05]), leads.size)
    lead = np.repeat(np.arange(leads.size), count)
    size = len(lead)
    last = np.r_[lead[1:] != lead[:-1], True] if size else np.zeros(0, dtype=bool)
    back = np.where(last, 2, 5 + rng.exponential(9 * MINUTES_A_DAY, size)).astype(np.int64)
    at = leads.created[lead] - back
    own = leads.campaign[lead]
    other = world.campaigns.choose(rng, at)
    campaign = np.where(last, own, np.where(rng.random(size) < 0.5, own, other))
    channel = world.campaigns.channel[campaign]
    channel = np.where(campaign >= 0, channel, rng.integers(0, len(CHANNELS), size))
    cost = (_COST[channel] * rng.uniform(0.7, 1.3, size)).astype(np.int64)
    known = last | (rng.random(size) < 0.6)  # earlier touches may be of a stranger still
    order = np.argsort(at, kind="stable")
    columns = {
        "touch_id": ids("U", first_number + np.arange(size), WIDTH),
        "touched_at": instants(at[order]),
        "channel": words(CHANNELS, channel[order]),
        "campaign_id": campaign_ids(campaign[order]),
        "visitor_id": ids("V", leads.first + lead[order] + 1, WIDTH),
        "lead_id": lead_ids(np.where(known, leads.first + lead, NONE)[order]),
        "account_id": account_ids(np.where(last, leads.account[lead], NONE)[order]),
        "cost": money(cost[order]),
    }
    counted = np.bincount(campaign[campaign >= 0], cost[campaign >= 0], world.campaigns.size)
    return columns, counted.astype(np.int64)
