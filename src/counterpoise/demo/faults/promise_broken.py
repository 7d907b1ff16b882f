"""A promise of one side that is kept too seldom."""

from __future__ import annotations

from counterpoise.demo.deals import LOST, Deals
from counterpoise.demo.figures import Figures
from counterpoise.demo.planting.fault import Act, Casting, Fault, Side, Subject
from counterpoise.demo.stage import Stage

_LEADS_PROMISED = 1.45  # times the worst month less its slack: more than most months bring


def cast(casting: Casting) -> Subject:
    """Take the promise that the variant names."""
    return Subject("promise", casting.variant, casting.variant)


def lose_sight(act: Act, deals: Deals) -> None:
    """Leave the offers of a share of lost deals unrecorded."""
    if act.plant.variant == "offers":
        rows = (deals.outcome == LOST) & deals.recorded & (deals.day >= act.plant.since)
        rows &= act.rng.random(deals.size) < act.plant.strength
        deals.recorded = deals.recorded & ~rows
        act.plant.count(int(rows.sum()))


def promise_more(act: Act, made: list[Figures]) -> None:
    """Promise more leads a month than most months of the last year brought."""
    if act.plant.variant == "leads":
        for figures in made[-2:]:
            figures.leads_a_month = round(figures.leads_a_month * _LEADS_PROMISED)
            act.plant.count(1)


FAULT = Fault(
    kind="promise_broken",
    side=Side.MARKETING,
    variants=("leads", "offers"),
    says="a promise is kept too seldom",
    strength=0.25,
    strength_is="share of lost deals without a recorded offer; the leads promise is a figure",
    cast=cast,
    hooks={Stage.SETTLED: lose_sight, Stage.AGREED: promise_more},
    sides={"offers": Side.SALES},
)
