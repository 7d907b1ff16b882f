"""Scores that pile up just above the qualifying mark."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.leads import ACCEPTED, QUALIFIED, REJECTED, Leads
from counterpoise.demo.planting.fault import Act, Casting, Fault, Side, Subject
from counterpoise.demo.planting.subjects import leads_of, source
from counterpoise.demo.stage import Stage

_REACH = 8
_ACCEPTED = 0.1


def cast(casting: Casting) -> Subject:
    """Draw a source."""
    return source(casting)


def bunch(act: Act, leads: Leads) -> None:
    """Lift a share of the scores just below the mark above it, and hand those leads over."""
    near = (leads.score < QUALIFIED) & (leads.score >= QUALIFIED - _REACH)
    rows = (
        leads_of(act.plant, act.world, leads)
        & near
        & (act.rng.random(leads.size) < act.plant.strength)
    )
    leads.score = np.where(rows, QUALIFIED + act.rng.integers(0, 3, leads.size), leads.score)
    leads.qualified_lead = leads.qualified_lead | rows
    leads.qualified = np.where(rows, leads.handed - 15, leads.qualified)
    verdict = np.where(act.rng.random(leads.size) < _ACCEPTED, ACCEPTED, REJECTED)
    leads.verdict = np.where(rows, verdict, leads.verdict)
    act.plant.count(int(rows.sum()))


FAULT = Fault(
    kind="score_bunching",
    side=Side.MARKETING,
    variants=("source",),
    says="scores end up just above the mark",
    strength=0.6,
    strength_is="share of scores up to eight below the mark that are lifted over it",
    cast=cast,
    hooks={Stage.LED: bunch},
)
