"""How figures and states are written, the same on every surface."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from types import MappingProxyType

from counterpoise.agreement.metrics import GOAL_METRICS, MetricUnit
from counterpoise.agreement.quantities import format_rate
from counterpoise.ledger import Review
from counterpoise.ledger.goals import GoalState
from counterpoise.ledger.review import AgreementState
from counterpoise.ledger.unjudged import Unjudged
from counterpoise.ledger.waterfall import Step, StepName

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

_NEED_COST = (StepName.COST, StepName.MARGIN)

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


def signed(amount: Decimal) -> str:
    """Write a change of an amount, with its sign.

    >>> signed(Decimal(1200)), signed(Decimal(-3)), signed(Decimal(0))
    ('+1,200', '−3', '0')
    """
    return f"+{money(amount)}" if amount > 0 else money(amount)


def share(rate: Decimal | None) -> str:
    """Write a fraction as a percentage with one digit.

    >>> share(Decimal("0.8996")), share(Decimal("-0.0003")), share(None)
    ('90.0%', '0.0%', '–')
    """
    if rate is None:
        return NOTHING
    return format_rate(rate, 1).replace("-", "−")


def days(span: Decimal | None) -> str:
    """Write a number of days.

    >>> days(Decimal("30.4")), days(Decimal(1))
    ('30 days', '1 day')
    """
    if span is None:
        return NOTHING
    return counted(int(span.quantize(Decimal(1), rounding=ROUND_HALF_EVEN)), "day")


def counted(number: int, thing: str, things: str = "") -> str:
    """Write how many there are of something.

    >>> counted(1, "deal"), counted(1200, "deal"), counted(2, "entry", "entries")
    ('1 deal', '1,200 deals', '2 entries')
    """
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def words(name: str) -> str:
    """Write a name that programs use as people read it.

    >>> words("on_path")
    'on path'
    """
    return name.replace("_", " ")


def weighed(review: Review, amount: Decimal) -> Decimal | None:
    """Return an amount of value held or given, None where no deal has both list and net."""
    return amount if review.ledger.totals.priced_deals else None


def leakage(review: Review) -> tuple[str, str]:
    """Write the least that leakage is, and the most where that is more; else the latter is empty.

    Without any agreement nothing is above authority, and nothing within.
    """
    parts = review.ledger.concessions
    if review.agreement.title is None or not review.ledger.totals.priced_deals:
        return NOTHING, ""
    most = "" if parts.leakage_high == parts.leakage_low else money(parts.leakage_high)
    return money(parts.leakage_low), most


def step_amount(review: Review, step: Step) -> Decimal | None:
    """Return the amount of a step, None for cost and margin where no cost is known."""
    totals = review.ledger.totals
    is_costless = totals.uncosted_deals == totals.priced_deals
    return None if is_costless and step.step in _NEED_COST else step.amount


def goal_figure(goal: GoalState, value: Decimal | None) -> str:
    """Write a goal's target, or what is so far, in the unit of its metric."""
    unit = GOAL_METRICS[goal.metric].unit if goal.metric in GOAL_METRICS else MetricUnit.MONEY
    if unit is MetricUnit.SHARE:
        return share(value)
    return days(value) if unit is MetricUnit.TIME else money(value)


def standing(state: AgreementState) -> str:
    """Say by which agreement a review measures, and what that is worth."""
    if state.title is None:
        return "no agreement: nothing can be judged"
    said = f"{state.title}, {STATUSES[state.status.value]}"
    if state.lapsed_on:
        return f"{said}; lapsed, its last day was {state.lapsed_on}"
    return said if state.in_force else f"{said}; not yet in force on this day"


def agreed_days(state: AgreementState) -> str:
    """Say over which days goals and promises are measured, unlike the ledger."""
    if state.measured is None:
        return "None of the agreement's days has come yet."
    first, last = state.measured
    return (
        f"Goals and promises are measured over the agreement's days so far, {first} to {last}; "
        "the figures above over all days in the books."
    )


def doubts(review: Review) -> tuple[str, ...]:
    """Say what could not be judged or counted, and why, a sentence each."""
    ledger = review.ledger
    totals = ledger.totals
    said = [_unjudged(each) for each in ledger.unjudged]
    if totals.unpriced_deals:
        lack = "lacks" if totals.unpriced_deals == 1 else "lack"
        stand = "stands" if totals.unpriced_deals == 1 else "stand"
        said.append(
            f"{counted(totals.unpriced_deals, 'won deal')} {lack} list or net and {stand} apart, "
            f"with {money(totals.unpriced_net)} of net."
        )
    if totals.uncosted_deals == totals.priced_deals and totals.priced_deals:
        said.append("No won deal has its cost on record, so there is no margin to tell.")
    elif totals.uncosted_deals:
        said.append(
            f"The cost of {counted(totals.uncosted_deals, 'won deal')} is unknown; margin counts "
            "it as none."
        )
    effect = ledger.discount_effect
    said.append(f"The effect of discounts on winning is {effect.status.value}. {effect.why}")
    return tuple(said)


def _unjudged(each: Unjudged) -> str:
    deals = counted(each.deals, "deal")
    return f"{money(each.amount)} conceded on {deals} is unjudged: {each.reason.says}."
