"""Concessions above authority for which nobody was asked."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.arrays import NONE
from counterpoise.demo.deals import Deals
from counterpoise.demo.planting.fault import Act, Fault, Side
from counterpoise.demo.planting.stakes import count_given
from counterpoise.demo.planting.subjects import deals_of, rep_or_team
from counterpoise.demo.stage import Stage
from counterpoise.demo.terms import MILLION


def forget(act: Act, deals: Deals) -> None:
    """Leave requests out that would have been granted."""
    asked = deals_of(act.plant, deals) & (deals.asked >= 0) & ~deals.refused
    rows = asked & (act.rng.random(deals.size) < act.plant.strength)
    deals.asked = np.where(rows, NONE, deals.asked)
    deals.decided = np.where(rows, NONE, deals.decided)
    deals.notes[act.plant.key] = np.where(rows, (deals.rate - deals.own) / MILLION, 0.0)


FAULT = Fault(
    kind="leakage",
    side=Side.SALES,
    variants=("rep", "team"),
    says="concedes above authority without asking",
    strength=0.7,
    strength_is="share of needed requests that are never made",
    cast=rep_or_team,
    hooks={Stage.ASKED: forget, Stage.SETTLED: count_given},
)
