"""Discounts that jump in the last ten days of the fiscal quarter."""

from __future__ import annotations

from counterpoise.demo.deals import Deals
from counterpoise.demo.planting.fault import Act, Casting, Fault, Side, Subject
from counterpoise.demo.planting.stakes import count_given, deepen
from counterpoise.demo.planting.subjects import company, deals_of, team
from counterpoise.demo.quotes import LAST_DAYS
from counterpoise.demo.stage import Stage
from counterpoise.demo.worktime import quarter_ends
from counterpoise.demo.world import FISCAL_YEAR_STARTS


def cast(casting: Casting) -> Subject:
    """Draw a team, or take the whole company."""
    return company() if casting.variant == "company" else team(casting)


def hurry(act: Act, deals: Deals) -> None:
    """Add the strength to rates of deals that close in a quarter's last ten days."""
    left = quarter_ends(deals.day, FISCAL_YEAR_STARTS) - deals.day
    rows = deals_of(act.plant, deals) & (left < LAST_DAYS)
    deepen(act, deals, rows, act.plant.strength)


FAULT = Fault(
    kind="quarter_end",
    side=Side.SALES,
    variants=("company", "team"),
    says="gives more when the quarter ends",
    strength=0.05,
    strength_is="added to negotiable rates in a quarter's last ten days, as a fraction of list",
    cast=cast,
    hooks={Stage.RATED: hurry, Stage.SETTLED: count_given},
    lasts=None,
)
