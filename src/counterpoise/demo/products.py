"""What is sold: product families, list prices that change, unit costs, rates of exchange."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from counterpoise.demo.accounts import CURRENCIES
from counterpoise.demo.arrays import Floats, Ints, half_even
from counterpoise.demo.columns import days, ids, money, rates, words
from counterpoise.demo.export import Columns
from counterpoise.demo.recipe import Recipe
from counterpoise.demo.streams import Streams
from counterpoise.demo.worktime import day_number, day_of

FAMILIES = ("Meridian", "Torrent", "Cascade", "Delta", "Brook")
FLAGSHIP = 0
_SIZES = ("10", "25", "60", "120")
_BASE_PRICE = (9_800, 4_200, 2_600, 1_250, 420)
FAMILY_SHARE = np.array([0.09, 0.24, 0.26, 0.22, 0.19])
EACH = len(_SIZES)
WIDTH = 3


@dataclass
class Products:
    """Products by position, families side by side, with prices in cents by price period.

    `prices[p, k]` holds from `valid_from[k]`. `currency_days` and `currency_rates[c]` give the
    millionths of a workspace unit that one unit of currency c is worth from each day.
    """

    names: list[str]
    family: Ints
    cost: Ints
    valid_from: Ints
    prices: Ints
    currency_days: Ints
    currency_rates: Ints

    @property
    def size(self) -> int:
        """Return how many products there are."""
        return len(self.family)

    def price_on(self, product: Ints, day: Ints) -> Ints:
        """Return the list price in cents that day."""
        period = np.searchsorted(self.valid_from, day, side="right") - 1
        return self.prices[product, np.maximum(period, 0)]

    def exchange_on(self, currency: Ints, day: Ints) -> Ints:
        """Return the millionths of a workspace unit for one unit of currency that day."""
        at = np.searchsorted(self.currency_days, day, side="right") - 1
        return self.currency_rates[currency, np.maximum(at, 0)]


def make_products(recipe: Recipe, streams: Streams) -> Products:
    """Make five families of four sizes, with a new price list every January."""
    rng = streams.of("products")
    family = np.repeat(np.arange(len(FAMILIES)), EACH)
    steps = np.tile([1.0, 1.7, 3.1, 5.6], len(FAMILIES))
    base = np.array(_BASE_PRICE)[family] * steps
    years = range(recipe.first_on.year - 1, recipe.last_on.year + 1)
    valid_from = np.array(
        [day_number(recipe.first_on.replace(year=y, month=1, day=1)) for y in years]
    )
    rises = rng.uniform(1.01, 1.045, (len(family), len(valid_from)))
    rises[:, 0] = 1.0
    prices = _round_price(base[:, None] * np.cumprod(rises, axis=1))
    cost = (prices[:, 0] * rng.uniform(0.46, 0.56, len(family))).astype(np.int64) // 100 * 100
    currency_days, currency_rates = _exchange(recipe, streams)
    return Products(
        names=[f"{FAMILIES[f]} {size}" for f, size in zip(family, _SIZES * 5, strict=True)],
        family=family,
        cost=cost,
        valid_from=valid_from,
        prices=prices,
        currency_days=currency_days,
        currency_rates=currency_rates,
    )


def raise_list(products: Products, family: int, day: int, rise: float) -> None:
    """Raise the list of a family by a share from that day on, on top of what is planned."""
    at = int(np.searchsorted(products.valid_from, day))
    products.valid_from = np.insert(products.valid_from, at, day)
    products.prices = np.insert(products.prices, at, products.prices[:, at - 1], axis=1)
    rows = np.flatnonzero(products.family == family)
    raised = _round_price(products.prices[rows, at:] / 100 * (1.0 + rise))
    products.prices[rows[:, None], np.arange(at, products.prices.shape[1])] = raised


def in_workspace_cents(cents: Ints, millionths: Ints) -> Ints:
    """Convert cents at a rate of exchange, rounded half-even to cents.

    >>> in_workspace_cents(np.array([1000]), np.array([1_085_500])).tolist()
    [1086]
    """
    whole = cents * millionths
    return half_even(whole, 1_000_000)


def products_table(products: Products) -> Columns:
    """Return the products at the present list."""
    every = np.arange(products.size)
    return {
        "product_id": product_ids(every),
        "name": words(products.names, every),
        "family": words(FAMILIES, products.family),
        "list_price": money(products.prices[:, -1]),
        "unit_cost": money(products.cost),
    }


def list_prices_table(products: Products) -> Columns:
    """Return each product's prices from the day on which they changed."""
    changed = np.ones(products.prices.shape, dtype=bool)
    changed[:, 1:] = products.prices[:, 1:] != products.prices[:, :-1]
    product, period = np.nonzero(changed)
    return {
        "product_id": product_ids(product),
        "valid_from": days(products.valid_from[period]),
        "list_price": money(products.prices[product, period]),
    }


def exchange_rates_table(products: Products) -> Columns:
    """Return the monthly rates of exchange of the foreign currencies."""
    months = len(products.currency_days)
    foreign = np.repeat(np.arange(1, len(CURRENCIES)), months)
    return {
        "currency": words(CURRENCIES, foreign),
        "valid_from": days(np.tile(products.currency_days, len(CURRENCIES) - 1)),
        "rate": rates(products.currency_rates[1:].ravel()),
    }


def product_ids(products: Ints) -> pa.Array:
    """Write products as their ids."""
    return ids("X", np.where(products < 0, products, products + 1), WIDTH)


def _round_price(price: Floats) -> Ints:
    """Round a price in whole units to five, and return cents."""
    return (np.round(price / 5.0) * 500).astype(np.int64)


def _exchange(recipe: Recipe, streams: Streams) -> tuple[Ints, Ints]:
    rng = streams.of("exchange")
    start = day_number(recipe.first_on.replace(day=1)) - 31
    stretch = range(start, day_number(recipe.last_on) + 1)
    firsts = np.array([d for d in stretch if day_of(d).day == 1], dtype=np.int64)
    walk = np.cumsum(rng.normal(0.0, 0.008, (2, len(firsts))), axis=1)
    euro, pound = np.exp(walk) * np.array([[1.085], [1.265]])
    units = np.ones(len(firsts))
    steps = np.round(np.vstack([units, euro, pound]) * 10_000).astype(np.int64) * 100
    return firsts, steps
