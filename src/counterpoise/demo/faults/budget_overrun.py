"""More spent, or given away, than the agreement's budget."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.figures import Figures
from counterpoise.demo.planting.fault import Act, Casting, Fault, Side, Subject
from counterpoise.demo.stage import Stage
from counterpoise.demo.trade import Promotions

_LAST_DAYS = 183


def cast(casting: Casting) -> Subject:
    """Take the budget that the variant names."""
    return Subject("budget", casting.variant, casting.variant)


def overspend(act: Act, made: Promotions) -> None:
    """Let promotions of the last half-year cost more than was planned."""
    if act.plant.variant == "promotions":
        act.plant.since = act.world.last - _LAST_DAYS + 1
        rows = made.starts >= act.plant.since
        more = (made.spend * (1.0 + act.plant.strength)).astype(np.int64) // 100 * 100
        act.plant.count(int(rows.sum()), float((more - made.spend)[rows].sum()))
        made.spend = np.where(rows, more, made.spend)


def promise_less(act: Act, made: list[Figures]) -> None:
    """Set the last budget for concessions below what was then given."""
    if act.plant.variant == "concessions":
        act.plant.since = act.world.last - _LAST_DAYS + 1
        given = made[-1].concessions_a_quarter / 1.10
        kept = int(given / (1.0 + act.plant.strength) // 100_000) * 100_000
        act.plant.count(1, given - kept)
        made[-1].concessions_a_quarter = kept


FAULT = Fault(
    kind="budget_overrun",
    side=Side.MARKETING,
    variants=("promotions", "concessions"),
    says="more is spent than was agreed",
    strength=0.45,
    strength_is="share of the plan by which it is overspent",
    cast=cast,
    hooks={Stage.TRADED: overspend, Stage.AGREED: promise_less},
    sides={"concessions": Side.SALES},
)
