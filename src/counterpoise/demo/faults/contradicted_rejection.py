"""Leads refused as the wrong persona though their account meets one."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.leads import ACCEPTED, REJECTED, WRONG_PERSONA, Leads
from counterpoise.demo.planting.fault import Act, Fault, Side
from counterpoise.demo.planting.subjects import leads_of, rep_or_team
from counterpoise.demo.stage import Stage

_TURNED_DOWN = 0.5


def contradict(act: Act, leads: Leads) -> None:
    """Reject more leads inside a persona, and call a share of them the wrong one."""
    rows = (
        leads_of(act.plant, act.world, leads)
        & leads.qualified_lead
        & (leads.deal < 0)
        & leads.inside
    )
    more = rows & (leads.verdict == ACCEPTED) & (act.rng.random(leads.size) < _TURNED_DOWN)
    leads.verdict = np.where(more, REJECTED, leads.verdict)
    said = rows & (leads.verdict == REJECTED) & (act.rng.random(leads.size) < act.plant.strength)
    leads.reason = np.where(said, WRONG_PERSONA, leads.reason)
    act.plant.count(int(said.sum()))


FAULT = Fault(
    kind="contradicted_rejection",
    side=Side.SALES,
    variants=("team", "rep"),
    says='says "wrong persona" of accounts that meet one',
    strength=0.8,
    strength_is="share of rejected leads inside a persona that are called the wrong one",
    cast=rep_or_team,
    hooks={Stage.LED: contradict},
)
