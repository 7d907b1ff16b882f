"""Leads that are answered long after the promise, or never."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.arrays import NONE
from counterpoise.demo.leads import Leads
from counterpoise.demo.planting.fault import Act, Fault, Side
from counterpoise.demo.planting.subjects import leads_of, rep_or_team
from counterpoise.demo.stage import Stage
from counterpoise.demo.worktime import WORKDAY

_NEVER = 0.12


def leave_lying(act: Act, leads: Leads) -> None:
    """Answer a share of the leads two to six working days late, and some never."""
    rows = leads_of(act.plant, act.world, leads) & leads.qualified_lead & (leads.response >= 0)
    slow = rows & (act.rng.random(leads.size) < act.plant.strength)
    wait = act.rng.integers(2 * WORKDAY, 6 * WORKDAY, leads.size)
    leads.slow_down(act.world, slow, wait)
    never = rows & (leads.deal < 0) & (act.rng.random(leads.size) < _NEVER)
    leads.response = np.where(never, NONE, leads.response)
    act.plant.count(int((slow | never).sum()))


FAULT = Fault(
    kind="slow_handoff",
    side=Side.SALES,
    variants=("rep", "team"),
    says="leaves leads lying for days",
    strength=0.7,
    strength_is="share of leads answered two to six working days later",
    cast=rep_or_team,
    hooks={Stage.LED: leave_lying},
)
