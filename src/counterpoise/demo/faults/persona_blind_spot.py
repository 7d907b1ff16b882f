"""Customers whom no persona describes and who earn well."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.accounts import INDUSTRIES, SMALL
from counterpoise.demo.arrays import NONE, Flags
from counterpoise.demo.deals import WON, Deals
from counterpoise.demo.planting.fault import Act, Casting, Fault, Plant, Side, Subject
from counterpoise.demo.planting.subjects import in_window, industry, pick, segment
from counterpoise.demo.rates import negotiable
from counterpoise.demo.stage import Stage
from counterpoise.demo.world import World

_DEARER = 0.03


def cast(casting: Casting) -> Subject:
    """Draw an industry that no persona names, or take the small ones outside."""
    if casting.variant == "segment":
        return segment(SMALL)
    outside = [INDUSTRIES.index(name) for name in ("Construction", "Retail")]
    return pick(casting, outside, industry)


def pay_well(act: Act, deals: Deals) -> None:
    """Let these customers take three points less off."""
    rows = _rows(act.plant, act.world, deals) & negotiable(deals)
    deals.wish = np.where(
        rows & (deals.wish > 0), np.maximum(deals.wish - _DEARER, 0.0), deals.wish
    )


def win_more(act: Act, deals: Deals) -> None:
    """Let them be won far more often."""
    deals.odds = np.where(
        _rows(act.plant, act.world, deals), deals.odds + act.plant.strength, deals.odds
    )


def settle(act: Act, deals: Deals) -> None:
    """Count what they brought in."""
    rows = _rows(act.plant, act.world, deals)
    won = rows & (deals.outcome == WON) & in_window(act.world, deals)
    act.plant.count(int(rows.sum()), float(deals.list_home[won].sum()))


def _rows(plant: Plant, world: World, deals: Deals) -> Flags:
    own = deals.segment
    if plant.variant == "industry":
        own = world.accounts.industry[deals.account]
    return np.asarray((own == plant.subject.at) & (deals.persona == NONE))


FAULT = Fault(
    kind="persona_blind_spot",
    side=Side.MARKETING,
    variants=("industry", "segment"),
    says="earns well and no persona describes it",
    strength=1.3,
    strength_is="added to the log-odds of winning",
    cast=cast,
    hooks={Stage.RATED: pay_well, Stage.CHANCED: win_more, Stage.SETTLED: settle},
    lasts=None,
)
