"""How figures and states are written, the same on every surface."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from types import MappingProxyType

from counterpoise.ledger import Review
from counterpoise.ledger.waterfall import StepName

NOTHING = "–"
"""Stands where a figure has no denominator or nobody knows it."""

STEPS: Mapping[StepName, str] = MappingProxyType(
    {
        StepName.LIST: "List value sold",
        StepName.WITHIN_AUTHORITY: "Conceded within authority",
        StepName.APPROVED: "Conceded with approval",
        StepName.LEAKAGE: "Leakage",
        StepName.UNJUDGED: "Conceded, unjudged",
        StepName.ABOVE_LIST: "Sold above list",
        StepName.NET: "Net",
        StepName.CUSTOMIZATION: "Customizations",
        StepName.ADJUSTMENTS: "Rebates, credits, freight",
        StepName.COST: "Cost",
        StepName.MARGIN: "Margin",
    }
)

GROUPINGS: Mapping[str, str] = MappingProxyType(
    {
        "owner": "Owner",
        "team": "Team",
        "product_family": "Product family",
        "product": "Product",
        "segment": "Segment",
        "industry": "Industry",
        "persona": "Persona",
        "source": "Source",
        "campaign": "Campaign",
        "quarter": "Fiscal quarter",
    }
)

STATUSES = MappingProxyType(
    {
        "ratified": "signed by both sides",
        "measured_against": "measured against; nobody was bound by it",
        "as_if": "as if: a draft that nobody has signed",
    }
)


def money(amount: Decimal | None, currency: str = "") -> str:
    """Write an amount in whole units.

    >>> money(Decimal("1234567.5"), "USD")
    '1,234,568 USD'
    """
    if amount is None:
        return NOTHING
    whole = amount.quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
    return f"{whole or Decimal(0):,} {currency}".rstrip().replace("-", "−")


def share(rate: Decimal | None) -> str:
    """Write a fraction as a percentage with one digit.

    >>> share(Decimal("0.8996")), share(None)
    ('90.0 %', '–')
    """
    return NOTHING if rate is None else f"{rate * 100:.1f} %".replace("-", "−")


def days(span: Decimal | None) -> str:
    """Write a number of days."""
    return NOTHING if span is None else f"{span.normalize():.0f} days"


def standing(review: Review) -> str:
    """Say by which agreement a review measures, and what that is worth."""
    state = review.agreement
    if state.title is None:
        return "no agreement: nothing can be judged"
    said = f"{state.title}, {STATUSES[state.status.value]}"
    return said if state.in_force else f"{said}; not in force on this day"
