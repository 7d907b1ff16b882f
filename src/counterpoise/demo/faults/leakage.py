"""Concessions above authority for which nobody was asked, and deeper for it."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.arrays import NONE
from counterpoise.demo.deals import Deals
from counterpoise.demo.planting.fault import Act, Fault, Side
from counterpoise.demo.planting.stakes import count_given
from counterpoise.demo.planting.subjects import deals_of, rep_or_team
from counterpoise.demo.stage import Stage
from counterpoise.demo.terms import MILLION

_DEEPER = 50_000  # millionths of list, where nobody is there to say no


def forget(act: Act, deals: Deals) -> None:
    """Leave requests out that would have been granted, and go further than was asked for."""
    asked = deals_of(act.plant, deals) & (deals.asked >= 0) & ~deals.refused
    rows = asked & (act.rng.random(deals.size) < act.plant.strength)
    deals.asked = np.where(rows, NONE, deals.asked)
    deals.decided = np.where(rows, NONE, deals.decided)
    deals.rate = np.where(rows, deals.rate + _DEEPER, deals.rate)
    deals.notes[act.plant.key] = np.where(rows, (deals.rate - deals.own) / MILLION, 0.0)


FAULT = Fault(
    kind="leakage",
    side=Side.SALES,
    variants=("rep", "team"),
    says="concedes above authority without asking",
    strength=0.9,
    strength_is="share of needed requests that are never made",
    cast=rep_or_team,
    hooks={Stage.ASKED: forget, Stage.SETTLED: count_given},
)
