"""Made-up deals whose contra-effects are known."""

from __future__ import annotations

import numpy as np

from counterpoise.ledger.contra_deals import ALL, Deals
from counterpoise.ledger.contra_regression import Flags, Floats, Ints


def made(
    seed: int, *, customers: int = 300, wins: float = 0.0, rate: float = 0.0, again: float = 0.0
) -> Deals:
    """Make deals of customers of two segments that differ for good.

    The larger segment is touched more often, wins more often and gets more off, so that who leaves
    the mix aside is misled; customers keep a level of their own in everything.

    Args:
        seed: Decides what is drawn.
        customers: How many there are; they have one to eight deals.
        wins: By how much a touch raises the chance of winning.
        rate: By how much a touch raises the rate.
        again: How much of a deal's rate beyond the usual comes back at the next.
    """
    chance = np.random.default_rng(seed)
    deals = chance.integers(1, 9, customers)
    account = np.repeat(np.arange(customers), deals)
    segment = chance.integers(0, 2, customers)[account]
    touched = chance.random(len(account)) < np.where(segment == 1, 0.8, 0.4)
    often = chance.normal(0.0, 0.1, customers)[account]
    won = chance.random(len(account)) < 0.35 + 0.2 * segment + often + wins * touched
    added = np.where(touched, rate, 0.0)
    rates = _rates(chance, account, segment, added, again)
    factors = {name: np.zeros(len(account), dtype=np.int64) for name in ALL}
    factors["segment"] = segment
    return Deals(
        account=account,
        won=np.asarray(won),
        rate=rates,
        negotiated=np.ones(len(account), dtype=np.bool_),
        touched=np.asarray(touched),
        factors=factors,
    )


def _rates(
    chance: np.random.Generator, account: Ints, segment: Ints, added: Floats, again: float
) -> Floats:
    level = chance.normal(0.1, 0.03, int(account.max()) + 1)[account] + 0.04 * segment
    noise = chance.normal(0.0, 0.03, len(account))
    first: Flags = np.r_[True, account[1:] != account[:-1]]
    beyond = np.zeros(len(account))
    for at in range(len(account)):
        came = 0.0 if first[at] else again * beyond[at - 1]
        beyond[at] = noise[at] + came
    found: Floats = level + beyond + added
    return found
