"""The waterfall: from list to pocket, step by step, and how the concessions divide."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from counterpoise.ledger.totals import Totals


class StepName(StrEnum):
    """The steps, in order."""

    LIST = "list"
    WITHIN_AUTHORITY = "within_authority"
    APPROVED = "approved"
    LEAKAGE = "leakage"
    UNJUDGED = "unjudged"
    ABOVE_LIST = "above_list"
    NET = "net"
    CUSTOMIZATION = "customization"
    ADJUSTMENTS = "adjustments"
    COST = "cost"
    MARGIN = "margin"


@dataclass(frozen=True)
class Step:
    """A step, with what it adds or takes. `net` and `margin` are what stands then."""

    step: StepName
    amount: Decimal


@dataclass(frozen=True)
class Concessions:
    """How the concessions divide by authority.

    Leakage lies between its two bounds: `leakage_high` adds what is unjudged under an agreement
    in force.
    """

    within_authority: Decimal
    approved: Decimal
    leakage: Decimal
    unjudged: Decimal
    leakage_low: Decimal
    leakage_high: Decimal


def waterfall(totals: Totals) -> tuple[Step, ...]:
    """Return the steps from list to margin of the priced deals, signed."""
    amounts = {
        StepName.LIST: totals.list_revenue,
        StepName.WITHIN_AUTHORITY: -totals.within_authority,
        StepName.APPROVED: -totals.approved,
        StepName.LEAKAGE: -totals.leakage,
        StepName.UNJUDGED: -totals.unjudged,
        StepName.ABOVE_LIST: totals.above_list,
        StepName.NET: totals.net_priced,
        StepName.CUSTOMIZATION: -totals.customization,
        StepName.ADJUSTMENTS: -totals.adjustments,
        StepName.COST: -totals.cost,
        StepName.MARGIN: totals.margin,
    }
    return tuple(Step(name, amounts[name]) for name in StepName)


def concessions(totals: Totals) -> Concessions:
    """Return how the concessions divide, with the bounds of leakage."""
    return Concessions(
        within_authority=totals.within_authority,
        approved=totals.approved,
        leakage=totals.leakage,
        unjudged=totals.unjudged,
        leakage_low=totals.leakage,
        leakage_high=totals.leakage_high,
    )
