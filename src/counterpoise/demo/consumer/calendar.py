"""The promotion calendar: offers to accounts, their depth, feature, display and cost."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from counterpoise.demo.arrays import Flags, Ints
from counterpoise.demo.consumer.market import BRANDS, GOODS, Market

KINDS = ("price_off", "feature", "display")
PRICE_OFF, FEATURE, DISPLAY = range(3)
OWN = -1
"""The campaign of a promotion that an account made by itself."""
_LASTS = 2
_HAPPENS = 0.97
QUARTER = 13


@dataclass
class Calendar:
    """Promotions by position: where, which good, from which week to which, how, at what cost.

    `depth` is in millionths, `spend` in cents, `campaign` a position or `OWN`, `happens` whether a
    planned feature or display happens.
    """

    account: Ints
    product: Ints
    first: Ints
    last: Ints
    kind: Ints
    depth: Ints
    spend: Ints
    campaign: Ints
    happens: Flags

    @property
    def size(self) -> int:
        """Return how many promotions there are."""
        return len(self.account)

    def add(self, other: Calendar) -> None:
        """Append other promotions."""
        for each in fields(self):
            mine, theirs = getattr(self, each.name), getattr(other, each.name)
            setattr(self, each.name, np.concatenate([mine, theirs]))

    def taken(self, places: Ints | Flags) -> Calendar:
        """Return some of the promotions."""
        return Calendar(**{each.name: getattr(self, each.name)[places] for each in fields(self)})


def campaign_of(product: Ints, week: Ints) -> Ints:
    """Return the campaign of a brand in the quarter of a week."""
    return (week // QUARTER) * len(BRANDS) + product // GOODS


def campaigns(weeks: int) -> int:
    """Return how many campaigns there are: one a brand and quarter.

    >>> campaigns(156)
    60
    """
    return -(-weeks // QUARTER) * len(BRANDS)


def make_calendar(market: Market) -> Calendar:
    """Promote each good at each account every seven to fifteen weeks for two weeks."""
    rng = market.streams.of("calendar")
    accounts, products, weeks = market.recipe.shape
    rows = []
    for account in range(accounts):
        for product in range(products):
            at = int(rng.integers(0, 10))
            while at < weeks:
                rows.append((account, product, at))
                at += int(rng.integers(8, 16))
    account, product, first = np.array(rows, dtype=np.int64).T
    return drawn(market, rng, (account, product, first))


def drawn(market: Market, rng: np.random.Generator, where: tuple[Ints, Ints, Ints]) -> Calendar:
    """Draw how promotions of these accounts, products and first weeks are made."""
    account, product, first = where
    size = len(account)
    kind = rng.choice([PRICE_OFF, FEATURE, DISPLAY], size, p=[0.4, 0.35, 0.25])
    return Calendar(
        account=account,
        product=product,
        first=first,
        last=np.minimum(first + _LASTS, market.recipe.weeks) - 1,
        kind=kind,
        depth=rng.choice([100_000, 200_000, 300_000], size, p=[0.2, 0.5, 0.3]),
        spend=rng.integers(5, 25, size) * 1_000 + 10_000 * (kind > 0),
        campaign=np.where(kind > 0, campaign_of(product, first), OWN),
        happens=rng.random(size) < _HAPPENS,
    )
