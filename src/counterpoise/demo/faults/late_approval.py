"""Requests that wait for an answer beyond the promise."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.asking import answer, name_deciders
from counterpoise.demo.customizations import LABEL, Customizations
from counterpoise.demo.deals import Deals
from counterpoise.demo.planting.fault import Act, Casting, Fault, Side, Subject
from counterpoise.demo.stage import Stage
from counterpoise.demo.terms import MANAGER_GRADE
from counterpoise.demo.worktime import MINUTES_A_DAY, WORKDAY


def cast(casting: Casting) -> Subject:
    """Take the role that the variant names."""
    return Subject("role", casting.variant, casting.variant.replace("_", " "))


def dally(act: Act, deals: Deals) -> None:
    """Let managers answer a share of their requests after one and a half to four days."""
    rows = (deals.asked >= 0) & (deals.grade == MANAGER_GRADE) & (deals.decided <= deals.closed)
    rows &= (deals.day >= act.plant.since) & (act.rng.random(deals.size) < act.plant.strength)
    if act.plant.variant == "sales_manager":
        wait = act.rng.integers(int(1.5 * WORKDAY), 4 * WORKDAY, deals.size)
        answer(act.world, deals, rows, wait)
        name_deciders(act.world, deals)
        act.plant.count(int(rows.sum()))


def dally_over_labels(act: Act, made: Customizations) -> None:
    """Let product marketers answer a share of their requests late."""
    rows = (
        (made.kind == LABEL) & made.approved & (made.requested // MINUTES_A_DAY >= act.plant.since)
    )
    rows &= act.rng.random(len(made.deal)) < act.plant.strength
    if act.plant.variant == "product_marketing":
        wait = act.rng.integers(int(1.5 * WORKDAY), 4 * WORKDAY, len(made.deal))
        closed = act.world.work.position(made.deals.closed[made.deal]) - 10
        late = act.world.work.at(np.minimum(act.world.work.position(made.requested) + wait, closed))
        made.decided = np.where(rows, late, made.decided)
        act.plant.count(int(rows.sum()))


FAULT = Fault(
    kind="late_approval",
    side=Side.SALES,
    variants=("sales_manager", "product_marketing"),
    says="answers requests for approval late",
    strength=0.5,
    strength_is="share of requests answered after one and a half to four working days",
    cast=cast,
    hooks={Stage.ASKED: dally, Stage.CUSTOMIZED: dally_over_labels},
    sides={"product_marketing": Side.MARKETING},
)
