"""A campaign that reaches people outside the personas."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.leads import Leads, reasons
from counterpoise.demo.planting.fault import Act, Casting, Fault, Side, Subject
from counterpoise.demo.planting.subjects import campaign, leads_of, pursued_by
from counterpoise.demo.pursuit import Pursuit
from counterpoise.demo.stage import Stage


def cast(casting: Casting) -> Subject:
    """Draw a campaign."""
    return campaign(casting)


def stray(act: Act, pursuit: Pursuit) -> None:
    """Let the campaign's deals be with customers outside every persona."""
    rows = pursued_by(act.plant, pursuit) & pursuit.from_lead
    pursuit.inside = np.where(
        rows, act.rng.random(pursuit.size) >= act.plant.strength, pursuit.inside
    )


def reach(act: Act, leads: Leads) -> None:
    """Let the campaign's other leads be outside every persona, and be refused as such."""
    rows = leads_of(act.plant, act.world, leads) & (leads.deal < 0)
    leads.inside = np.where(rows, act.rng.random(leads.size) >= act.plant.strength, leads.inside)
    leads.reason = np.where(rows, reasons(leads.inside, act.rng), leads.reason)
    act.plant.count(int((rows & ~leads.inside).sum()))


FAULT = Fault(
    kind="persona_miss",
    side=Side.MARKETING,
    variants=("campaign",),
    says="reaches people outside every persona",
    strength=0.8,
    strength_is="share of its leads outside every persona",
    cast=cast,
    hooks={Stage.PURSUED: stray, Stage.LED: reach},
)
