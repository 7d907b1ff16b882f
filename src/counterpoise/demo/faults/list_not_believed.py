"""A family whose list price nobody believes: sellers open below it, or absorb its rise."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.deals import Deals, Offers
from counterpoise.demo.planting.fault import Act, Casting, Fault, Side, Subject
from counterpoise.demo.planting.stakes import count_given, deepen
from counterpoise.demo.planting.subjects import deals_of, family
from counterpoise.demo.products import raise_list
from counterpoise.demo.rates import POINT, negotiable
from counterpoise.demo.stage import Stage
from counterpoise.demo.world import World

_RISE = 0.08
_CHANGE_BEFORE_END = 200


def cast(casting: Casting) -> Subject:
    """Draw a family."""
    return family(casting)


def lift(act: Act, made: World) -> None:
    """Raise the family's list by eight per cent on one day."""
    if act.plant.variant == "list_change":
        act.plant.since = made.last - _CHANGE_BEFORE_END
        raise_list(made.products, act.plant.subject.at, act.plant.since, _RISE)


def give_way(act: Act, deals: Deals) -> None:
    """Sell hardly anything at list; after a rise, give most of it back."""
    rows = deals_of(act.plant, deals)
    if act.plant.variant == "list_change":
        deepen(act, deals, rows, _RISE * act.plant.strength)
        return
    at_list = rows & (deals.wish < 0.02) & (act.rng.random(deals.size) < act.plant.strength)
    floor = act.rng.uniform(0.02, 0.04, deals.size)
    deepen(act, deals, at_list, floor - np.maximum(deals.wish, 0.0))


def open_below(act: Act, deals: Deals) -> None:
    """Open nearly every negotiation below list."""
    offers: Offers = deals.offers
    below = act.rng.uniform(0.4, 0.9, deals.size) * deals.rate // POINT * POINT
    rows = deals_of(act.plant, deals) & negotiable(deals) & (deals.rate > 0) & (offers.count > 1)
    rows &= (offers.first_rate <= 0) & (act.rng.random(deals.size) < act.plant.strength)
    if act.plant.variant == "family":
        opened = np.maximum(below.astype(np.int64), np.minimum(POINT, deals.rate))
        offers.first_rate = np.where(rows, opened, offers.first_rate)


FAULT = Fault(
    kind="list_not_believed",
    side=Side.MARKETING,
    variants=("family", "list_change"),
    says="nearly everyone opens below the list, or a rise of the list is given back at once",
    strength=0.9,
    strength_is="share of negotiations opened below list, or of the rise that is given back",
    cast=cast,
    hooks={
        Stage.WORLD: lift,
        Stage.RATED: give_way,
        Stage.OFFERED: open_below,
        Stage.SETTLED: count_given,
    },
)
