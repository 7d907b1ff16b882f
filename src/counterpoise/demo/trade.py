"""The company's resellers: promotions offered to them, and what they sold on, week by week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from counterpoise.demo.accounts import account_ids
from counterpoise.demo.arrays import NONE, Ints
from counterpoise.demo.campaigns import PROMOTION, campaign_ids
from counterpoise.demo.columns import days, ids, money, rates, whole, words
from counterpoise.demo.export import Columns
from counterpoise.demo.people import person_ids
from counterpoise.demo.products import EACH, FAMILIES, product_ids
from counterpoise.demo.worktime import MINUTES_A_DAY, day_of
from counterpoise.demo.world import World

WIDTH = 5
_KINDS = ("price_off", "feature", "display")
_LASTS = 27  # days


@dataclass
class Promotions:
    """Promotions by position: days, depth in millionths, money in cents."""

    campaign: Ints
    account: Ints
    family: Ints
    starts: Ints
    ends: Ints
    kind: Ints
    depth: Ints
    spend: Ints
    owner: Ints

    def add(self, campaign: int, world: World, account: Ints, starts: Ints, ends: Ints) -> None:
        """Add five per cent off to some accounts for one campaign."""
        size = len(account)
        campaigns = world.campaigns
        self.campaign = np.r_[self.campaign, np.full(size, campaign)]
        self.account = np.r_[self.account, account]
        self.family = np.r_[self.family, np.full(size, campaigns.family[campaign])]
        self.starts = np.r_[self.starts, starts]
        self.ends = np.r_[self.ends, ends]
        self.kind = np.r_[self.kind, np.zeros(size, dtype=np.int64)]
        self.depth = np.r_[self.depth, np.full(size, 50_000)]
        self.spend = np.r_[self.spend, np.zeros(size, dtype=np.int64)]
        self.owner = np.r_[self.owner, np.full(size, campaigns.owner[campaign])]


def promote(world: World, rng: np.random.Generator) -> Promotions:
    """Offer every reseller four weeks of one family in each promotion campaign."""
    campaigns = world.campaigns
    resellers = world.accounts.distributors
    chosen = np.flatnonzero(campaigns.kind == PROMOTION)
    campaign = np.repeat(chosen, len(resellers))
    size = len(campaign)
    starts = campaigns.started[campaign] // MINUTES_A_DAY + rng.integers(0, 56, size)
    return Promotions(
        campaign=campaign,
        account=np.tile(resellers, len(chosen)),
        family=campaigns.family[campaign],
        starts=starts,
        ends=starts + _LASTS,
        kind=rng.integers(0, len(_KINDS), size),
        depth=rng.integers(5, 11, size) * 10_000,
        spend=rng.integers(900, 2_600, size) * 100,
        owner=campaigns.owner[campaign],
    )


def promotions_table(promotions: Promotions) -> Columns:
    """Return the promotions in order of their first day."""
    order = np.lexsort((promotions.account, promotions.starts))
    return {
        "promotion_id": ids("M", 1 + np.arange(len(order)), WIDTH),
        "campaign_id": campaign_ids(promotions.campaign[order]),
        "account_id": account_ids(promotions.account[order]),
        "product_family": words(FAMILIES, promotions.family[order]),
        "starts_on": days(promotions.starts[order]),
        "ends_on": days(promotions.ends[order]),
        "kind": words(_KINDS, promotions.kind[order]),
        "rate": rates(promotions.depth[order]),
        "trade_spend": money(promotions.spend[order]),
        "requested_by": person_ids(promotions.owner[order]),
    }


def sell_through_table(world: World, promotions: Promotions, rng: np.random.Generator) -> Columns:
    """Return what resellers sold: five products each, more of them when on promotion."""
    weeks = _mondays(world)
    resellers, products = world.accounts.distributors, np.arange(len(FAMILIES)) * EACH
    shape = (len(resellers), len(products), len(weeks))
    at = [axis.ravel() for axis in np.indices(shape)]
    account, product, week = resellers[at[0]], products[at[1]], weeks[at[2]]
    depth, shown = _on_deal(world, promotions, account, product, week)
    base = world.products.price_on(product, week)
    net = base - base * depth // 1_000_000
    usual = np.exp(rng.normal(2.0, 0.6, shape[:2]))[at[0], at[1]]
    lift = np.exp(2.4 * depth / 1_000_000 + 0.3 * (shown > 0))
    return {
        "week": days(week),
        "account_id": account_ids(account),
        "product_id": product_ids(product),
        "units": whole(rng.poisson(usual * lift).astype(np.int64)),
        "net_price": money(net),
        "base_price": money(base),
        "featured": words(("false", "true"), (shown == 1).astype(np.int64)),
        "displayed": words(("false", "true"), (shown == 2).astype(np.int64)),
    }


def _on_deal(
    world: World, promotions: Promotions, account: Ints, product: Ints, week: Ints
) -> tuple[Ints, Ints]:
    """Return depth and kind of the promotion that covers each week's Monday; kind -1 for none."""
    depth, shown = np.zeros(len(week), dtype=np.int64), np.full(len(week), NONE)
    family = world.products.family[product]
    for row in np.flatnonzero(np.isin(promotions.account, world.accounts.distributors)):
        covers = (account == promotions.account[row]) & (family == promotions.family[row])
        covers &= (week >= promotions.starts[row]) & (week <= promotions.ends[row])
        depth[covers] = promotions.depth[row]
        shown[covers] = promotions.kind[row]
    return depth, shown


def _mondays(world: World) -> Ints:
    every = np.arange(world.first, world.last - 5)
    return every[[day_of(int(day)).weekday() == 0 for day in every]]
