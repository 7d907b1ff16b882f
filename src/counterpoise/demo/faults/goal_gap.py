"""A goal that is missed on the present path."""

from __future__ import annotations

from counterpoise.demo.figures import Figures
from counterpoise.demo.planting.fault import Act, Casting, Fault, Side, Subject
from counterpoise.demo.stage import Stage

# How much of each goal's slack, in its own unit, the strength is laid on top of.
_SLACK = {"realization": 6, "fit": 60, "wins": 50}


def cast(casting: Casting) -> Subject:
    """Take the goal that the variant names."""
    return Subject("goal", casting.variant, casting.variant)


def ask_more(act: Act, made: list[Figures]) -> None:
    """Set the last agreement's goal above what happened."""
    last = made[-1]
    act.plant.since = act.world.last - 180
    more = round(act.plant.strength * 1_000)
    if act.plant.variant == "revenue":
        last.revenue = round(last.revenue * (1.10 + act.plant.strength))
    elif act.plant.variant == "realization":
        last.realization += _SLACK["realization"] + more
    elif act.plant.variant == "fit":
        last.fit += _SLACK["fit"] + 2 * more
    else:
        last.win_rate += _SLACK["wins"] + 2 * more
    act.plant.count(1)


FAULT = Fault(
    kind="goal_gap",
    side=Side.BOTH,
    variants=("realization", "revenue", "fit", "wins"),
    says="a goal is missed on the present path",
    strength=0.012,
    strength_is="how far the goal lies above what happened, about",
    cast=cast,
    hooks={Stage.AGREED: ask_more},
    sides={"fit": Side.MARKETING, "wins": Side.SALES},
)
