"""The tables of the consumer-goods company, as its systems would export them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from counterpoise.demo.arrays import Ints
from counterpoise.demo.columns import days, ids, instants, money, rates, whole, words
from counterpoise.demo.consumer.calendar import KINDS, OWN, Calendar, campaigns
from counterpoise.demo.consumer.market import BRANDS, CHAINS, GOODS, Market, product_names
from counterpoise.demo.consumer.plants import campaign_weeks
from counterpoise.demo.consumer.selling import Weeks
from counterpoise.demo.export import Columns
from counterpoise.demo.names import person_names
from counterpoise.demo.worktime import MINUTES_A_DAY

MANAGERS = 4
"""Key account managers."""
ROLES = ("Key Account Manager", "Brand Manager", "Sales Director", "Chief Commercial Officer")
_SIDES = ("sales", "marketing", "sales", "both")
_SEGMENTS = ("Chain", "Convenience", "Independent")
_DAYS = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class People:
    """Who works there: key account managers first, a brand manager a brand, then who leads."""

    names: list[str]
    role: Ints

    def first_of(self, role: int) -> str:
        """Return the name of the first with a role."""
        return self.names[int(np.flatnonzero(self.role == role)[0])]


def make_people(market: Market) -> People:
    """Hire them."""
    role = np.array([0] * MANAGERS + [1] * len(BRANDS) + [2, 3])
    return People(person_names(market.streams.of("people"), len(role)), role)


def account_ids(at: Ints) -> pa.Array:
    """Write accounts as their ids."""
    return ids("A", at + 1, 3)


def product_ids(at: Ints) -> pa.Array:
    """Write products as their ids."""
    return ids("P", at + 1, 3)


def promotion_ids(at: Ints) -> pa.Array:
    """Write promotions as their ids."""
    return ids("M", at + 1, 5)


def campaign_ids(at: Ints) -> pa.Array:
    """Write campaigns as their ids; what belongs to none is null."""
    return ids("C", np.where(at == OWN, -1, at + 1), 3)


def people_table(people: People) -> Columns:
    """Return the people."""
    at = np.arange(len(people.names))
    teams = ("Key accounts", "Brands", "Key accounts", "Lead")
    heads = np.array([len(at) - 2, len(at) - 1, len(at) - 1, -1])[people.role]
    return {
        "person_id": ids("E", at + 1, 2),
        "name": pa.array(people.names),
        "side": words(_SIDES, people.role),
        "role": words(ROLES, people.role),
        "team": words(teams, people.role),
        "manager_id": ids("E", np.where(heads < 0, -1, heads + 1), 2),
        "active": words(("true",), np.zeros(len(at), dtype=np.int64)),
    }


def accounts_table(market: Market) -> Columns:
    """Return the retail accounts."""
    at = np.arange(market.recipe.accounts)
    return {
        "account_id": account_ids(at),
        "name": words(CHAINS, at),
        "industry": words(("Retail",), at * 0),
        "segment": words(_SEGMENTS, at % len(_SEGMENTS)),
    }


def products_table(market: Market) -> Columns:
    """Return the products."""
    at = np.arange(market.recipe.shape[1])
    return {
        "product_id": product_ids(at),
        "name": pa.array(product_names()),
        "family": words(BRANDS, at // GOODS),
        "list_price": money(np.round(market.base[:, :, -1].mean(axis=0)).astype(np.int64)),
        "unit_cost": money(market.unit_cost),
    }


def campaigns_table(market: Market, calendar: Calendar) -> Columns:
    """Return a campaign a brand and quarter, with what its promotions cost."""
    at = np.arange(campaigns(market.recipe.weeks))
    brand, spans = at % len(BRANDS), np.array([campaign_weeks(int(each)) for each in at])
    spend = np.bincount(
        calendar.campaign[calendar.campaign != OWN],
        calendar.spend[calendar.campaign != OWN],
        len(at),
    ).astype(np.int64)
    starts = _days(market, spans[:, 0])
    ends = _days(market, spans[:, 1]) + 6
    years = [market.recipe.week(first).year for first in spans[:, 0]]
    names = [
        f"{BRANDS[one]} shelf {year}-{number + 1}"
        for number, (one, year) in enumerate(zip(brand, years, strict=True))
    ]
    return {
        "campaign_id": campaign_ids(at),
        "name": pa.array(names),
        "owner_id": ids("E", MANAGERS + brand + 1, 2),
        "channel": words(("trade",), at * 0),
        "kind": words(("promotion",), at * 0),
        "product_family": words(BRANDS, brand),
        "started_at": instants(starts * MINUTES_A_DAY),
        "ended_at": instants((ends + 1) * MINUTES_A_DAY - 1),
        "budget": money(spend // 100_000 * 100_000 + 500_000),
        "spend": money(spend),
    }


def promotions_table(market: Market, calendar: Calendar) -> Columns:
    """Return the promotions."""
    own = calendar.campaign == OWN
    asked = np.where(own, calendar.account % MANAGERS, MANAGERS + calendar.product // GOODS)
    return {
        "promotion_id": promotion_ids(np.arange(calendar.size)),
        "campaign_id": campaign_ids(calendar.campaign),
        "account_id": account_ids(calendar.account),
        "product_id": product_ids(calendar.product),
        "product_family": words(BRANDS, calendar.product // GOODS),
        "starts_on": days(_days(market, calendar.first)),
        "ends_on": days(_days(market, calendar.last) + 6),
        "kind": words(KINDS, calendar.kind),
        "rate": rates(calendar.depth),
        "trade_spend": money(calendar.spend),
        "requested_by": ids("E", asked + 1, 2),
    }


def sell_through_table(market: Market, weeks: Weeks) -> Columns:
    """Return the weeks of sell-through."""
    account, product, week = (each.ravel() for each in np.indices(market.recipe.shape))
    flags = ("false", "true")
    return {
        "week": days(_days(market, week)),
        "account_id": account_ids(account),
        "product_id": product_ids(product),
        "units": whole(weeks.units.ravel()),
        "net_price": money(weeks.net.ravel()),
        "base_price": money(market.base.ravel()),
        "featured": words(flags, weeks.featured.ravel().astype(np.int64)),
        "displayed": words(flags, weeks.displayed.ravel().astype(np.int64)),
    }


def _days(market: Market, weeks: Ints) -> Ints:
    first = (market.recipe.first_on - _DAYS).days
    return np.asarray(first + 7 * weeks, dtype=np.int64)
