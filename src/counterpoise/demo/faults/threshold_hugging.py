"""Rates that pile up just under a limit, where nobody has to be asked."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.asking import own_authority
from counterpoise.demo.deals import WON, Deals
from counterpoise.demo.planting.fault import Act, Casting, Fault, Side, Subject
from counterpoise.demo.planting.subjects import in_window, pick
from counterpoise.demo.rates import TENTH, negotiable
from counterpoise.demo.stage import Stage
from counterpoise.demo.terms import MILLION

_REACH = 30_000  # rates up to three points above the limit


def cast(casting: Casting) -> Subject:
    """Draw one of the two limit rows that most deals fall under."""
    rows = casting.world.terms.versions[-1].rows
    return pick(casting, (1, 2), lambda at: Subject("limit", rows[at].id, rows[at].id, at))


def duck(act: Act, deals: Deals) -> None:
    """Move a share of the rates just above the owner's limit to just under it."""
    own = own_authority(act.world, deals)
    here = (deals.row == act.plant.subject.at) & (deals.day >= act.plant.since) & negotiable(deals)
    here &= ~deals.role_days(act.world) & (deals.rate > own) & (deals.rate <= own + _REACH)
    rows = here & (act.rng.random(deals.size) < act.plant.strength)
    under = own - act.rng.integers(0, 5, deals.size) * TENTH
    deals.notes[act.plant.key] = np.where(rows, (deals.rate - under) / MILLION, 0.0)
    deals.rate = np.where(rows, under, deals.rate)


def settle(act: Act, deals: Deals) -> None:
    """Count the list value of won deals that ducked under the limit."""
    ducked = deals.notes[act.plant.key] > 0
    won = ducked & (deals.outcome == WON) & in_window(act.world, deals)
    act.plant.count(int(ducked.sum()), float((deals.rate * deals.list_home)[won].sum() / MILLION))


FAULT = Fault(
    kind="threshold_hugging",
    side=Side.SALES,
    variants=("limit",),
    says="rates pile up just under what needs no approval",
    strength=0.6,
    strength_is="share of rates up to three points above the limit that move under it",
    cast=cast,
    hooks={Stage.ROUNDED: duck, Stage.SETTLED: settle},
)
