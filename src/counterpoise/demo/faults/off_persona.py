"""Deals pursued outside the personas."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.planting.fault import Act, Fault, Side
from counterpoise.demo.planting.subjects import pursued_by, rep_or_team
from counterpoise.demo.pursuit import Pursuit
from counterpoise.demo.stage import Stage


def stray(act: Act, pursuit: Pursuit) -> None:
    """Let a share of the subject's deals be outside every persona."""
    rows = pursued_by(act.plant, pursuit)
    pursuit.inside = np.where(
        rows, act.rng.random(pursuit.size) >= act.plant.strength, pursuit.inside
    )
    act.plant.count(int((rows & ~pursuit.inside).sum()))


FAULT = Fault(
    kind="off_persona",
    side=Side.SALES,
    variants=("team", "rep"),
    says="pursues customers outside every persona",
    strength=0.75,
    strength_is="share of deals outside every persona",
    cast=rep_or_team,
    hooks={Stage.PURSUED: stray},
)
