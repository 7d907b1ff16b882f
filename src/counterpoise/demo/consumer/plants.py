"""What goes wrong at the company on purpose: one fault or more of every kind about the trade."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from counterpoise.demo.arrays import Floats
from counterpoise.demo.consumer.calendar import (
    OWN,
    PRICE_OFF,
    QUARTER,
    Calendar,
    drawn,
)
from counterpoise.demo.consumer.market import BRANDS, GOODS, Market
from counterpoise.demo.consumer.selling import Weeks

CONSUMER_FAULTS = (
    "base_price_drift",
    "calendar_clash",
    "losing_promotion",
    "promotion_dependence",
    "unsupported_promotion",
)
FADES = "base_price_drift"
LOSERS = 8
"""Promotions that are paid for far beyond what they can bring."""
_DEAF = 0.15
_FADES = -0.9
"""What a half year wholly on deal takes from ln(units) of the brand that fades."""
_DEPENDENT, _FADING, _UNSHOWN = 1, 2, 3
_WINDOW = 52
_HALF = 26


@dataclass(frozen=True)
class Plant:
    """A fault planted on a subject."""

    kind: str
    variant: str
    side: str
    type: str
    at: int
    says: str
    promotions: tuple[int, ...] = ()


def plant(market: Market, calendar: Calendar, kinds: Collection[str]) -> list[Plant]:
    """Plant faults of some kinds into a calendar and its market; return what was planted."""
    rng = market.streams.of("faults")
    accounts = [int(each) for each in rng.permutation(market.recipe.accounts)]
    found: list[Plant] = []
    if "promotion_dependence" in kinds:
        found.append(_more_often(market, calendar))
    if "unsupported_promotion" in kinds:
        found.append(_unshown(market, calendar))
    if "losing_promotion" in kinds:
        found.append(_deaf(market, calendar, accounts[0]))
    if "calendar_clash" in kinds:
        found.append(_clashes(market, calendar, accounts[1]))
    if "losing_promotion" in kinds:
        found += _losers(market, calendar, accounts[2:])
    if FADES in kinds:
        says = (
            "what it sells without promotion falls with the weeks on deal of the half year before"
        )
        found.append(Plant(FADES, "volume", "both", "product_family", _FADING, says))
    return found


def _more_often(market: Market, calendar: Calendar) -> Plant:
    """Promote a brand twice as often in the last half year."""
    weeks = market.recipe.weeks
    own = (calendar.product // GOODS == _DEPENDENT) & (calendar.first >= weeks - _HALF)
    more = calendar.taken(own & (calendar.last + 6 < weeks))
    rng = market.streams.of("more often")
    calendar.add(drawn(market, rng, (more.account, more.product, more.first + 5)))
    return Plant(
        "promotion_dependence",
        "product_family",
        "both",
        "product_family",
        _DEPENDENT,
        "promoted twice as often in the last half year",
    )


def _unshown(market: Market, calendar: Calendar) -> Plant:
    """Let the features and displays of one campaign in the last year not happen."""
    quarter = (market.recipe.weeks - 1) // QUARTER - 1
    campaign = quarter * len(BRANDS) + _UNSHOWN
    own = calendar.campaign == campaign
    rng = market.streams.of("unshown")
    calendar.happens[own] = rng.random(int(own.sum())) < 0.35
    calendar.spend[own] *= 6
    return Plant(
        "unsupported_promotion",
        "campaign",
        "marketing",
        "campaign",
        campaign,
        "two of three of its features and displays do not happen",
    )


def _deaf(market: Market, calendar: Calendar, account: int) -> Plant:
    """Let an account hardly answer to promotions."""
    market.answers[account] *= _DEAF
    market.plain[account] += 0.6
    recent = (calendar.account == account) & (calendar.first >= market.recipe.weeks - _WINDOW)
    calendar.depth[recent] = 300_000
    return Plant(
        "losing_promotion",
        "account",
        "sales",
        "account",
        account,
        "hardly sells more on deal, at the deepest cuts",
    )


def _clashes(market: Market, calendar: Calendar, account: int) -> Plant:
    """Let an account add its own cut in the weeks of the brand's campaigns."""
    recent = (calendar.account == account) & (calendar.first >= market.recipe.weeks - _WINDOW)
    own = calendar.taken(recent & (calendar.campaign != OWN))
    own.kind[:] = PRICE_OFF
    own.depth[:] = 60_000
    own.campaign[:] = OWN
    own.spend[:] = 300_000
    calendar.add(own)
    return Plant(
        "calendar_clash",
        "account",
        "both",
        "account",
        account,
        "its own price cuts run in the weeks of the brands' campaigns",
    )


def _losers(market: Market, calendar: Calendar, accounts: list[int]) -> list[Plant]:
    """Pay for some promotions far more than they can bring."""
    weeks = market.recipe.weeks
    recent = (calendar.first >= weeks - _WINDOW + 1) & (calendar.last < weeks - 3)
    found = []
    for account in accounts[:LOSERS]:
        own = np.flatnonzero(recent & (calendar.account == account) & (calendar.campaign == OWN))
        at = int(own[len(own) // 2])
        calendar.spend[at] = 5_500_000
        found.append(
            Plant(
                "losing_promotion",
                "promotion",
                "sales",
                "promotion",
                at,
                "paid for far beyond what it can bring",
            )
        )
    return found


def fade(weeks: Weeks) -> Floats:
    """Return what many promotions take from ln(units) of the brand that fades, week by week."""
    on = weeks.on.astype(np.float64)
    sums = np.concatenate([np.zeros((*on.shape[:2], 1)), np.cumsum(on, axis=2)], axis=2)
    at = np.arange(on.shape[2])
    past = (sums[..., at] - sums[..., np.maximum(at - _HALF, 0)]) / np.maximum(
        np.minimum(at, _HALF), 1
    )
    is_own = np.arange(on.shape[1]) // GOODS == _FADING
    shift: Floats = _FADES * past * is_own[None, :, None]
    return shift


def campaign_weeks(campaign: int) -> tuple[int, int]:
    """Return the first and the last week of a campaign.

    >>> campaign_weeks(7)
    (13, 25)
    """
    quarter = campaign // len(BRANDS)
    return quarter * QUARTER, quarter * QUARTER + QUARTER - 1
