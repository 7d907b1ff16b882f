"""Bespoke work that no limit allows and nobody approved."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.customizations import BESPOKE, Customizations
from counterpoise.demo.planting.fault import Act, Fault, Side
from counterpoise.demo.planting.subjects import rep_or_team
from counterpoise.demo.stage import Stage
from counterpoise.demo.worktime import MINUTES_A_DAY


def tailor(act: Act, made: Customizations) -> None:
    """Add bespoke work worth two to six per cent of list to a share of the subject's deals."""
    deals = made.deals
    owner = deals.owner if act.plant.subject.type == "person" else deals.team
    created, closed = act.world.work.position(deals.created), act.world.work.position(deals.closed)
    begun = act.world.work.at((created + closed) // 2)
    day = begun // MINUTES_A_DAY
    rows = (owner == act.plant.subject.at) & (day >= act.plant.since) & (day <= act.plant.until)
    rows &= (act.rng.random(deals.size) < act.plant.strength) & (deals.list_home >= 300_000)
    deal = np.flatnonzero(rows)
    cost = (deals.list_home[deal] * act.rng.uniform(0.02, 0.06, len(deal)) / 500).astype(
        np.int64
    ) * 500
    made.add(deal, np.full(len(deal), BESPOKE), cost, begun[deal])
    act.plant.count(len(deal), float(cost[day[deal] >= act.world.window].sum()))


FAULT = Fault(
    kind="customization_sprawl",
    side=Side.SALES,
    variants=("rep", "team"),
    says="tailors beyond what the agreement allows",
    strength=0.3,
    strength_is="share of deals with bespoke work outside the limits",
    cast=rep_or_team,
    hooks={Stage.CUSTOMIZED: tailor},
)
