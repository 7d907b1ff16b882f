"""Realization that falls from deal to deal of the same customer."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.accounts import MIDSIZE, SMALL
from counterpoise.demo.deals import Deals
from counterpoise.demo.planting.fault import Act, Casting, Fault, Side, Subject
from counterpoise.demo.planting.stakes import count_given, deepen
from counterpoise.demo.planting.subjects import account, deals_of, pick, segment
from counterpoise.demo.stage import Stage
from counterpoise.demo.world import World

_STEPS = {"segment": 6, "account": 12}
_BUSY = 12.0  # the account's weight, so that it has deals enough to be seen


def cast(casting: Casting) -> Subject:
    """Draw a segment, or an account inside a persona that is to have many deals."""
    if casting.variant == "segment":
        return pick(casting, (SMALL, MIDSIZE), segment)
    accounts = casting.world.accounts
    seats = casting.rng.integers(0, len(accounts.rest_from), 8)
    typical = [at for at in accounts.fit_from[seats] if accounts.segment[at] == MIDSIZE]
    return pick(casting, typical or accounts.fit_from[seats], lambda at: account(casting.world, at))


def favour(act: Act, made: World) -> None:
    """Give the account more deals than others have."""
    if act.plant.variant == "account":
        made.accounts.weight[act.plant.subject.at] = _BUSY


def erode(act: Act, deals: Deals) -> None:
    """Add the strength to the rate once for every earlier deal of the customer."""
    times = np.minimum(deals.before, _STEPS[act.plant.variant])
    deepen(act, deals, deals_of(act.plant, deals), act.plant.strength * times)


FAULT = Fault(
    kind="price_erosion",
    side=Side.BOTH,
    variants=("segment", "account"),
    says="the same customers pay less each time",
    strength=0.02,
    strength_is=(
        "added to the rate at each repeat deal, as a fraction of list, six times at most "
        "(an account twelve)"
    ),
    cast=cast,
    hooks={Stage.WORLD: favour, Stage.RATED: erode, Stage.SETTLED: count_given},
    lasts=None,
)
