"""Deals lost to a competitor against whom sellers have nothing in hand."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.arrays import Flags
from counterpoise.demo.deals import LOST, Deals
from counterpoise.demo.planting.fault import Act, Casting, Fault, Plant, Side, Subject
from counterpoise.demo.planting.subjects import in_window, pick
from counterpoise.demo.products import FAMILIES
from counterpoise.demo.stage import Stage
from counterpoise.demo.tools import COMPETITORS
from counterpoise.demo.world import World

_MEETS = 0.3


def cast(casting: Casting) -> Subject:
    """Draw a common competitor in a common family."""
    pairs = [rival * len(FAMILIES) + family for rival in (0, 1) for family in (1, 2, 3)]
    return pick(casting, pairs, _pair)


def withhold(act: Act, made: World) -> None:
    """Let nobody have made the battle card."""
    made.tools.there[act.plant.subject.at] = False


def meet(act: Act, deals: Deals) -> None:
    """Let the competitor turn up more often in that family."""
    rival, family = divmod(act.plant.subject.at, len(FAMILIES))
    rows = (deals.main_family == family) & (act.rng.random(deals.size) < _MEETS)
    deals.competitor = np.where(rows, rival, deals.competitor)


def lose(act: Act, deals: Deals) -> None:
    """Lower the odds against that competitor."""
    deals.odds = np.where(_rows(act.plant, deals), deals.odds - act.plant.strength, deals.odds)


def settle(act: Act, deals: Deals) -> None:
    """Count the list value of what was lost there."""
    rows = _rows(act.plant, deals)
    lost = rows & (deals.outcome == LOST) & in_window(act.world, deals)
    act.plant.count(int(rows.sum()), float(deals.list_home[lost].sum()))


def _rows(plant: Plant, deals: Deals) -> Flags:
    rival, family = divmod(plant.subject.at, len(FAMILIES))
    return np.asarray((deals.competitor == rival) & (deals.main_family == family))


def _pair(at: int) -> Subject:
    rival, family = divmod(at, len(FAMILIES))
    pair = f"{COMPETITORS[rival]}|{FAMILIES[family]}"
    return Subject("competitor|product_family", pair, pair.replace("|", " in "), at)


FAULT = Fault(
    kind="tool_gap",
    side=Side.MARKETING,
    variants=("competitor",),
    says="deals are lost where no tool exists",
    strength=1.0,
    strength_is="taken from the log-odds of winning against that competitor",
    cast=cast,
    hooks={
        Stage.WORLD: withhold,
        Stage.QUOTED: meet,
        Stage.CHANCED: lose,
        Stage.SETTLED: settle,
    },
    lasts=None,
)
