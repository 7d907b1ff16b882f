"""Goals: what both sides want, how far they are, and whether the pace will do.

Goals are measured over the days on which the agreement is in force, up to the as-of day. What
adds up over time (money, counts) is held against the pace; a share or average is taken as it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from counterpoise.agreement.document import Goal
from counterpoise.agreement.quantities import Duration, Unit
from counterpoise.ledger.period import Period
from counterpoise.ledger.totals import ratio
from counterpoise.ledger.trade_goals import OF_TRADE, trade_share, trade_sum

_DAYS = {
    Unit.MINUTES: Decimal(1) / 1440,
    Unit.HOURS: Decimal(1) / 24,
    Unit.DAYS: Decimal(1),
    Unit.WEEKS: Decimal(7),
}
_LEADS = frozenset({"qualified_leads", "lead_acceptance", "lead_win_rate"})


class GoalStatus(StrEnum):
    """How a goal stands."""

    MET = "met"
    ON_PATH = "on_path"
    BEHIND = "behind"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class GoalState:
    """A goal, what it asks for, and what is so far. Times are in days.

    `at_least` tells on which side of the target the goal lies; `why` says why it is unknown.
    """

    id: str
    metric: str
    target: Decimal
    at_least: bool
    actual: Decimal | None
    status: GoalStatus
    why: str = ""


Measure = Callable[[Period], Decimal | None]


def goal_states(period: Period, until: dt.date | None) -> tuple[GoalState, ...]:
    """Measure every goal of the agreement.

    Args:
        period: From the day on which the agreement came into force to the as-of day.
        until: The last day on which it is in force; None while it has no end.
    """
    return tuple(_state(goal, period, until) for goal in period.agreement.goals)


def _state(goal: Goal, period: Period, until: dt.date | None) -> GoalState:
    asked = goal.at_least if goal.at_least is not None else goal.at_most
    assert asked is not None
    target = asked.amount * _DAYS[asked.unit] if isinstance(asked, Duration) else asked
    at_least = goal.at_least is not None
    actual, why = _measured(goal.metric, period)
    if actual is None:
        return GoalState(goal.id, goal.metric, target, at_least, None, GoalStatus.UNKNOWN, why)
    if goal.metric in ADDED_UP:
        gone = elapsed(period, until)
        status = by_pace(actual, target, gone, at_least=at_least)
    else:
        is_met = actual >= target if at_least else actual <= target
        status = GoalStatus.MET if is_met else GoalStatus.BEHIND
    why = "the agreement has no end to measure the pace by" if status is GoalStatus.UNKNOWN else ""
    return GoalState(goal.id, goal.metric, target, at_least, actual, status, why)


def _measured(metric: str, period: Period) -> tuple[Decimal | None, str]:
    """Return the figure, or why there is none."""
    if period.last < period.first:
        return None, "the agreement is not in force yet"
    if metric in _LEADS and not period.view.books.has("leads"):
        return None, "the books hold no leads"
    if metric in OF_TRADE and not period.view.books.has("sell_through"):
        return None, "the books hold no sell-through"
    if not (metric in OF_TRADE or metric in _LEADS or period.view.books.has("deals")):
        return None, _NO_DEALS.get(metric, "the books hold no deals")
    measure = ADDED_UP.get(metric) or TAKEN_AS_IT_IS.get(metric)
    if measure is None:
        return None, f"nothing measures {metric}"
    actual = measure(period)
    return actual, "" if actual is not None else _NOTHING.get(metric, "nothing was closed yet")


_NOTHING = {
    "margin": "no won deal has its cost on record",
    "margin_rate": "no won deal has its cost on record",
    "persona_share_of_won": "no won deal has a known persona",
    "persona_share_of_net": "no won deal has a known persona",
    "lead_acceptance": "no lead was judged yet",
    "lead_win_rate": "no lead was handed over yet",
    "net_sales": "nothing was sold yet",
    "base_price_realization": "no week has its base price on record",
    "share_on_deal": "of no week is it known whether it was on deal",
    "trade_spend": "no trade spend is on record",
    "trade_spend_share": "no trade spend is on record",
}
_NO_DEALS = {
    "price_realization": "the books hold no deals; base_price_realization tells of weeks sold",
    "net_revenue": "the books hold no deals; net_sales tells of weeks sold",
}


def elapsed(period: Period, until: dt.date | None) -> Decimal | None:
    """Return the part of the agreement's days that is over, None without an end."""
    if until is None:
        return None
    whole = (until - period.first).days + 1
    return ratio((min(period.last, until) - period.first).days + 1, whole)


def by_pace(
    actual: Decimal, target: Decimal, gone: Decimal | None, *, at_least: bool
) -> GoalStatus:
    """Judge what adds up by how much of the time is gone.

    >>> by_pace(Decimal(60), Decimal(100), Decimal("0.5"), at_least=True).value
    'on_path'
    """
    if at_least and actual >= target:
        return GoalStatus.MET
    if not at_least and actual > target:
        return GoalStatus.BEHIND
    if gone is None:
        return GoalStatus.UNKNOWN
    if gone >= 1:
        return GoalStatus.BEHIND if at_least else GoalStatus.MET
    share = target * gone
    keeps_pace = actual >= share if at_least else actual <= share
    return GoalStatus.ON_PATH if keeps_pace else GoalStatus.BEHIND


def _margin(period: Period) -> Decimal | None:
    costed = period.totals.costed
    return costed.margin if costed.deals or not period.totals.priced_deals else None


def _qualified(period: Period) -> int:
    return period.count(period.within(period.view.books.table("leads"), "qualified_at"))


def _accepted(period: Period) -> Decimal | None:
    leads = period.handed_over
    return period.share(leads, leads.verdict == "accepted")[0]


def _won_leads(period: Period) -> Decimal | None:
    won = period.deals.filter(period.deals.outcome == "won").select(won_deal="deal_id")
    leads = period.handed_over
    joined = leads.left_join(won, leads.deal_id == won.won_deal)
    return period.share(joined, joined.won_deal.notnull())[0]


ADDED_UP: Mapping[str, Measure] = MappingProxyType(
    {
        "net_revenue": lambda period: period.totals.net_revenue,
        "list_revenue": lambda period: period.totals.list_revenue,
        "value_held": lambda period: period.totals.value_held,
        "value_given": lambda period: period.totals.value_given,
        "leakage": lambda period: period.totals.leakage,
        "margin": _margin,
        "deals_won": lambda period: Decimal(period.totals.deals_won),
        "customization_cost": lambda period: period.totals.customization,
        "qualified_leads": lambda period: Decimal(_qualified(period)),
        "net_sales": trade_sum("net_sales"),
        "trade_spend": trade_sum("trade_spend"),
    }
)
"""What adds up over the period, by metric."""

TAKEN_AS_IT_IS: Mapping[str, Measure] = MappingProxyType(
    {
        "price_realization": lambda period: period.totals.price_realization,
        "concession_rate": lambda period: period.totals.conceded_rate,
        "average_rate": lambda period: period.average_rate,
        "leakage_rate": lambda period: ratio(period.totals.leakage, period.totals.list_revenue),
        "margin_rate": lambda period: period.totals.costed.margin_rate,
        "win_rate": lambda period: period.totals.win_rate,
        "average_deal": lambda period: ratio(period.totals.net_revenue, period.totals.deals_won),
        "cycle_time": lambda period: period.median_cycle_days,
        "persona_share_of_won": lambda period: period.fit.share_of_won,
        "persona_share_of_net": lambda period: period.fit.share_of_net,
        "lead_acceptance": _accepted,
        "lead_win_rate": _won_leads,
        "base_price_realization": trade_share("base_price_realization"),
        "share_on_deal": trade_share("share_on_deal"),
        "trade_spend_share": trade_share("trade_spend_share"),
    }
)
"""What is a share or an average, by metric."""
