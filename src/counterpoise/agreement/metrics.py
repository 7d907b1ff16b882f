"""What goals and promises may be about: two closed catalogues, each entry with its unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from counterpoise.agreement.document import Side


class MetricUnit(StrEnum):
    """What a metric counts, and so how its target is written."""

    SHARE = "share"
    MONEY = "money"
    COUNT = "count"
    TIME = "time"

    @property
    def example(self) -> str:
        """Return a target as an agreement writes it."""
        return {"share": "92%", "money": "250000", "count": "120", "time": "5 working days"}[self]


@dataclass(frozen=True)
class Metric:
    """Something that can be agreed on and measured.

    `phrase` is a promise as a sentence, with places for the side and the target. `sides` are those
    that may promise it; a goal is anybody's. `targets` are the keys with which it may be written;
    a metric `by_period` counts within one and needs `every`.
    """

    name: str
    unit: MetricUnit
    says: str
    phrase: str = ""
    sides: tuple[Side, ...] = (Side.SALES, Side.MARKETING, Side.BOTH)
    targets: tuple[str, ...] = ("at_least", "at_most")
    by_period: bool = False


def _goal(name: str, unit: MetricUnit, says: str) -> Metric:
    return Metric(name, unit, says)


_SHARE, _MONEY, _COUNT, _TIME = (
    MetricUnit.SHARE,
    MetricUnit.MONEY,
    MetricUnit.COUNT,
    MetricUnit.TIME,
)
_SALES, _MARKETING, _EITHER = (Side.SALES,), (Side.MARKETING,), (Side.SALES, Side.MARKETING)
_WITHIN = ("within",)
_AT_LEAST = ("at_least",)

_GOALS = (
    _goal("net_revenue", _MONEY, "net price of all won deals"),
    _goal("list_revenue", _MONEY, "list price of all won deals"),
    _goal("value_held", _MONEY, "list value sold without concession, plus what is above list"),
    _goal("value_given", _MONEY, "concessions on won deals"),
    _goal("price_realization", _SHARE, "net as a share of list, over won deals"),
    _goal("concession_rate", _SHARE, "concessions as a share of list, over won deals"),
    _goal("average_rate", _SHARE, "the discount of a won deal on average, each deal counting once"),
    _goal("leakage", _MONEY, "concessions above authority that no valid approval covers"),
    _goal("leakage_rate", _SHARE, "leakage as a share of list, over won deals"),
    _goal("margin", _MONEY, "net less cost, customizations and adjustments, over won deals"),
    _goal("margin_rate", _SHARE, "margin as a share of net, over won deals whose cost is known"),
    _goal("deals_won", _COUNT, "deals won"),
    _goal("win_rate", _SHARE, "won deals as a share of won and lost ones"),
    _goal("average_deal", _MONEY, "net price of a won deal on average"),
    _goal("cycle_time", _TIME, "days from the creation of a won deal to its close, the median"),
    _goal("persona_share_of_won", _SHARE, "won deals that meet a persona, as a share of all"),
    _goal("persona_share_of_net", _SHARE, "net price of won deals in a persona, as a share of all"),
    _goal("customization_cost", _MONEY, "cost of customizations on won deals"),
    _goal("qualified_leads", _COUNT, "leads that became qualified"),
    _goal("net_sales", _MONEY, "net price of what retail accounts sold, by weeks of sell-through"),
    _goal("trade_spend", _MONEY, "what was paid to the trade for promotions"),
    _goal("trade_spend_share", _SHARE, "trade spend as a share of net sales of retail accounts"),
    _goal("base_price_realization", _SHARE, "net as a share of base price, over weeks sold"),
    _goal("share_on_deal", _SHARE, "volume sold on deal as a share of all that retailers sold"),
    _goal("lead_acceptance", _SHARE, "leads that sales accepts, as a share of those judged"),
    _goal("lead_win_rate", _SHARE, "leads handed over that became a won deal, as a share of all"),
)

_PROMISES = (
    Metric(
        "qualified_leads",
        _COUNT,
        "leads that marketing hands over qualified",
        "{side} hands over {target} qualified leads",
        _MARKETING,
        _AT_LEAST,
        by_period=True,
    ),
    Metric(
        "lead_acceptance",
        _SHARE,
        "leads handed over that sales accepts, of those judged",
        "{side} hands over leads of which sales accepts {target}",
        _MARKETING,
        _AT_LEAST,
    ),
    Metric(
        "persona_share_of_leads",
        _SHARE,
        "leads handed over whose account meets a persona",
        "{target} of the leads that {side} hands over meet a persona",
        _MARKETING,
        _AT_LEAST,
    ),
    Metric(
        "campaign_notice",
        _TIME,
        "how long before a campaign starts sales hears of it",
        "{side} tells sales of a campaign {target} before it starts",
        _MARKETING,
        _AT_LEAST,
    ),
    Metric(
        "tool_request_answered",
        _TIME,
        "how soon a seller's request for a tool is answered",
        "{side} answers a seller's request for a tool {target}",
        _MARKETING,
        _WITHIN,
    ),
    Metric(
        "new_tools",
        _COUNT,
        "tools that marketing makes for sellers",
        "{side} makes {target} new tools for sellers",
        _MARKETING,
        _AT_LEAST,
        by_period=True,
    ),
    Metric(
        "lead_response",
        _TIME,
        "how soon a seller answers a lead that was handed over",
        "{side} answers a lead {target} of its hand-over",
        _SALES,
        _WITHIN,
    ),
    Metric(
        "lead_verdict",
        _TIME,
        "how soon a seller accepts or rejects a lead that was handed over",
        "{side} accepts or rejects a lead {target} of its hand-over",
        _SALES,
        _WITHIN,
    ),
    Metric(
        "rejection_reason_given",
        _SHARE,
        "rejected leads that carry a reason from the list",
        "{side} gives a reason for {target} of the leads that it rejects",
        _SALES,
        _AT_LEAST,
    ),
    Metric(
        "lost_offers_recorded",
        _SHARE,
        "lost deals whose last offer is on record",
        "{side} records the last offer of {target} of lost deals",
        _SALES,
        _AT_LEAST,
    ),
    Metric(
        "loss_reason_recorded",
        _SHARE,
        "lost deals whose reason is on record",
        "{side} records why {target} of lost deals were lost",
        _SALES,
        _AT_LEAST,
    ),
    Metric(
        "discounts_in_bounds",
        _SHARE,
        "won deals whose discount was within authority or approved",
        "{side} keeps the discount of {target} of won deals within authority or has it approved",
        _SALES,
        _AT_LEAST,
    ),
    Metric(
        "tools_used",
        _SHARE,
        "closed deals on which a tool of marketing was used",
        "{side} uses a tool of marketing on {target} of closed deals",
        _SALES,
        _AT_LEAST,
    ),
    Metric(
        "approval_answered",
        _TIME,
        "how soon a request for approval is answered",
        "{side} answers a request for approval {target}",
        _EITHER,
        _WITHIN,
    ),
    Metric(
        "question_answered",
        _TIME,
        "how soon a question of the other side is answered",
        "{side} answers a question of the other side {target}",
        _EITHER,
        _WITHIN,
    ),
    Metric(
        "review_attended",
        _SHARE,
        "joint reviews at which the side was present",
        "{side} is present at {target} of joint reviews",
        _EITHER,
        _AT_LEAST,
    ),
)

GOAL_METRICS: Mapping[str, Metric] = MappingProxyType({metric.name: metric for metric in _GOALS})
"""Everything that a goal may be about, by name."""

PROMISE_METRICS: Mapping[str, Metric] = MappingProxyType(
    {metric.name: metric for metric in _PROMISES}
)
"""Everything that a side may promise, by name."""
