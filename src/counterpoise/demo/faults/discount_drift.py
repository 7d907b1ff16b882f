"""Deeper discounts than peers give on the same mix, and than the subject gave before."""

from __future__ import annotations

from counterpoise.demo.deals import Deals
from counterpoise.demo.planting.fault import Act, Fault, Side
from counterpoise.demo.planting.stakes import count_given, deepen
from counterpoise.demo.planting.subjects import deals_of, rep_or_team
from counterpoise.demo.stage import Stage


def drift(act: Act, deals: Deals) -> None:
    """Make every rate that may be negotiated deeper than it would have been."""
    deepen(act, deals, deals_of(act.plant, deals), act.plant.strength)


FAULT = Fault(
    kind="discount_drift",
    side=Side.SALES,
    variants=("rep", "team"),
    says="gives deeper discounts on the same mix",
    strength=0.066,
    strength_is="what negotiable rates are deeper on average, as a fraction of list",
    cast=rep_or_team,
    hooks={Stage.RATED: drift, Stage.SETTLED: count_given},
)
