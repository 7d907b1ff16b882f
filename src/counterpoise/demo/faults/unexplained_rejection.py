"""Leads that are turned down without a word, or never judged."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.arrays import NONE
from counterpoise.demo.leads import ACCEPTED, REJECTED, Leads
from counterpoise.demo.planting.fault import Act, Casting, Fault, Side, Subject
from counterpoise.demo.planting.subjects import leads_of, rep_or_team
from counterpoise.demo.stage import Stage

_TURNED_DOWN = 0.4
_NEVER_JUDGED = 0.15


def cast(casting: Casting) -> Subject:
    """Draw a team or a rep."""
    return rep_or_team(casting)


def wave_off(act: Act, leads: Leads) -> None:
    """Reject more leads, leave most reasons out, and forget to judge some."""
    rows = leads_of(act.plant, act.world, leads) & leads.qualified_lead & (leads.deal < 0)
    more = rows & (leads.verdict == ACCEPTED) & (act.rng.random(leads.size) < _TURNED_DOWN)
    leads.verdict = np.where(more, REJECTED, leads.verdict)
    silent = rows & (leads.verdict == REJECTED) & (act.rng.random(leads.size) < act.plant.strength)
    leads.reason = np.where(silent, NONE, leads.reason)
    forgotten = rows & (act.rng.random(leads.size) < _NEVER_JUDGED)
    leads.judging = np.where(forgotten, NONE, leads.judging)
    act.plant.count(int((silent | forgotten).sum()))


FAULT = Fault(
    kind="unexplained_rejection",
    side=Side.SALES,
    variants=("team", "rep"),
    says="turns leads down without a reason",
    strength=0.7,
    strength_is="share of rejected leads that carry no reason",
    cast=cast,
    hooks={Stage.LED: wave_off},
)
