"""The rate that a rep has in mind for a deal, and the round figure that it becomes."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.accounts import CHARITY
from counterpoise.demo.arrays import NONE, Flags, Floats, Ints
from counterpoise.demo.deals import Deals
from counterpoise.demo.terms import (
    LEAD_GRADE,
    MILLION,
    PROTECTED_UP_TO,
    is_excluded,
    is_protected,
)
from counterpoise.demo.world import World

_BY_SEGMENT = np.array([0.048, 0.066, 0.083, 0.0])
_BY_KIND = np.array([0.004, 0.0, -0.012])
_CONTESTED = 0.012
_OUTSIDE = 0.010
_PER_LEVER = 0.45  # of what a lever adds, a customer who gives it asks back this share
_FULL_PRICE = 0.07
_ABOVE_LIST = 0.03
_TO_FIVE = 0.34  # of round rates
POINT = 10_000
TENTH = 1_000


def have_in_mind(world: World, deals: Deals, rng: np.random.Generator) -> None:
    """Draw each deal's rate as a fraction, from its mix, its owner, its customer and chance."""
    styles = world.recipe.styles
    territory = world.streams.of("territory").normal(0.0, styles.territory_rate, 4)
    deals.hidden = rng.normal(0.0, 1.0, deals.size)
    size = np.log(np.maximum(deals.list_home, 1) / 2_500_000)
    deals.wish = (
        _BY_SEGMENT[deals.segment]
        + _BY_KIND[deals.kind]
        + 0.006 * size
        + _CONTESTED * (deals.competitor != NONE)
        + _OUTSIDE * (deals.persona == NONE)
        + _PER_LEVER * deals.lever / MILLION
        + territory[world.accounts.region[deals.account]]
        + world.people.rate_style[deals.owner]
        + world.accounts.rate_effect[deals.account]
        + world.recipe.hidden_cause * deals.hidden
        + rng.normal(0.0, styles.deal_rate, deals.size)
    )
    _keep_to_list(deals, rng)


def negotiable(deals: Deals) -> Flags:
    """Tell which deals may have a negotiated rate beyond a flagship's few points."""
    return ~is_protected(deals.main_family) & ~is_excluded(deals.segment)


def round_off(world: World, deals: Deals, rng: np.random.Generator) -> None:
    """Put each rate on a multiple of five, a whole point or a tenth, within every authority."""
    coin = rng.random(deals.size)
    share = world.recipe.styles.round_share
    step = np.select([coin < share * _TO_FIVE, coin < share], [5 * POINT, POINT], TENTH)
    deals.rate = _cap(world, deals, _to_step(deals.wish, step), rng.random(deals.size))


def _to_step(wish: Floats, step: Ints) -> Ints:
    return (np.rint(wish * MILLION / step) * step).astype(np.int64)


def _cap(world: World, deals: Deals, rate: Ints, coin: Floats) -> Ints:
    """Keep rates within what the revenue lead may give, without a heap at that limit."""
    most = world.terms.authority(deals.day, deals.row, deals.lever, LEAD_GRADE)
    most = np.where(is_protected(deals.main_family), PROTECTED_UP_TO, most)
    most = np.where(is_excluded(deals.segment), 0, most)
    below = (most * (0.85 + 0.15 * coin)).astype(np.int64) // TENTH * TENTH
    return np.where(rate > most, below, rate)


def _keep_to_list(deals: Deals, rng: np.random.Generator) -> None:
    """Sell some deals at list, a few above it, and the flagship nearly always at list."""
    coin = rng.random(deals.size)
    little = rng.uniform(0.01, 0.05, deals.size)
    wish = np.maximum(deals.wish, 0.0)
    wish = np.where(coin < _FULL_PRICE, 0.0, wish)
    wish = np.where(coin > 1.0 - _ABOVE_LIST, -0.8 * little, wish)
    flagship = is_protected(deals.main_family)
    wish = np.where(flagship, np.where(coin > 0.8, little, 0.0), wish)
    deals.wish = np.where(deals.segment == CHARITY, 0.0, wish)
