"""The market: brands, retail accounts, weeks, and what moves volume."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from counterpoise.demo.arrays import Floats, Ints
from counterpoise.demo.recipe import RecipeError
from counterpoise.demo.streams import Streams

BRANDS = ("Alpine", "Orchard", "Hearth", "Linden", "Solis")
"""The product families."""
GOODS = 4
"""Products of a brand."""
_SIZES = ("small", "large", "family pack", "seasonal")
CHAINS = (
    "Northway", "Meridian", "Corner House", "Larder", "Greenfield", "Harbour", "Sunday", "Pantry",
    "Oakley", "Everyday", "Fairmarket", "Basket", "Hilltop", "Lighthouse", "Millstone", "Quayside",
    "Riverside", "Saffron", "Tollgate", "Union", "Vineyard", "Westgate", "Crossroads", "Elmfield",
)  # fmt: skip
_COST = 0.3
_FEWEST_ACCOUNTS = 12


@dataclass(frozen=True)
class Truth:
    """What moves volume, as shifts of ln(units).

    Attributes:
        depth: By ln(base / net).
        featured: In a week with a feature.
        displayed: In a week with a display.
        after: In the first and the second week after a promotion.
        neighbours: Where all other goods of the brand are on deal.
        differ: How much accounts × products differ in their answer, as a part of it.
    """

    depth: float = 2.8
    featured: float = 0.25
    displayed: float = 0.30
    after: tuple[float, float] = (-0.06, -0.03)
    neighbours: float = -0.08
    differ: float = 0.15


@dataclass(frozen=True)
class ConsumerRecipe:
    """Everything about the company that is neither its seed nor its faults."""

    first_on: dt.date = dt.date(2023, 7, 3)
    last_on: dt.date = dt.date(2026, 6, 28)
    accounts: int = 24
    truth: Truth = Truth()

    def __post_init__(self) -> None:
        """Refuse a company in which nothing can be seen."""
        if not _FEWEST_ACCOUNTS <= self.accounts <= len(CHAINS):
            expected = f"{_FEWEST_ACCOUNTS} to {len(CHAINS)}"
            raise RecipeError("the number of accounts", self.accounts, expected)
        if self.weeks < 130:
            span = f"{self.first_on} to {self.last_on}"
            raise RecipeError("the span of the company", span, "at least two years and a half")

    @classmethod
    def until(cls, day: dt.date) -> ConsumerRecipe:
        """Return the recipe of a company whose books end with the last whole week until a day.

        >>> ConsumerRecipe.until(dt.date(2026, 6, 30)) == ConsumerRecipe()
        True
        """
        last_on = day - dt.timedelta(days=day.isoweekday() % 7)
        span = cls.last_on - cls.first_on
        return cls(first_on=last_on - span, last_on=last_on)

    @property
    def weeks(self) -> int:
        """Return how many whole weeks the company's books hold.

        >>> ConsumerRecipe().weeks
        156
        """
        return ((self.last_on - self.first_on).days + 1) // 7

    @property
    def shape(self) -> tuple[int, int, int]:
        """Return accounts × products × weeks."""
        return self.accounts, len(BRANDS) * GOODS, self.weeks

    def week(self, at: int) -> dt.date:
        """Return the first day of a week."""
        return self.first_on + dt.timedelta(weeks=int(at))


@dataclass
class Market:
    """What would be sold without promotions, in logarithms, and at which base price (cents).

    `answers` is by how much each account × product answers to a promotion, as a part of the mean.
    """

    recipe: ConsumerRecipe
    streams: Streams
    plain: Floats
    base: Ints
    answers: Floats

    @property
    def unit_cost(self) -> Ints:
        """Return what a unit of each product costs, in cents."""
        cost: Ints = np.round(_COST * self.base[:, :, 0].mean(axis=0)).astype(np.int64)
        return cost


def make_market(recipe: ConsumerRecipe, seed: int) -> Market:
    """Make accounts of every size and their goods, season, trend and chance."""
    streams = Streams(seed)
    rng = streams.of("market")
    base = _base_prices(rng, recipe.shape)
    answers = 1 + recipe.truth.differ * rng.standard_normal(recipe.shape[:2])
    return Market(recipe, streams, _plain(rng, recipe.shape, base), base, answers)


def _base_prices(rng: np.random.Generator, shape: tuple[int, int, int]) -> Ints:
    """Return base prices in cents: a step up now and then, the same for nobody."""
    start = rng.uniform(2.5, 6.0, (1, shape[1], 1)) * rng.normal(1, 0.04, (shape[0], 1, 1))
    steps = rng.normal(0.015, 0.01, shape) * (rng.random(shape) < 1 / 52)
    prices: Ints = np.round(100 * start * np.exp(np.cumsum(steps, axis=2))).astype(np.int64)
    return prices


def _plain(rng: np.random.Generator, shape: tuple[int, int, int], base: Ints) -> Floats:
    accounts, products, weeks = shape
    at = np.arange(weeks) * 7 / 365.25
    season = 0.15 * np.sin(2 * np.pi * at) + 0.15 * (np.arange(weeks) % 52 >= 50)
    size = rng.normal(0, 0.6, (accounts, 1, 1)) + rng.normal(0, 0.4, (accounts, products, 1))
    shock = rng.normal(0, 0.03, weeks) + rng.normal(0, 0.06, (accounts, 1, weeks))
    noise = rng.normal(0, 0.15, shape)
    for week in range(1, weeks):
        noise[..., week] = 0.3 * noise[..., week - 1] + np.sqrt(0.91) * noise[..., week]
    dearer = -1.2 * np.log(base / base.mean(axis=2, keepdims=True))
    plain: Floats = 7.3 + size + season + 0.02 * at + shock + dearer + noise
    return plain


def product_names() -> list[str]:
    """Return the names of the products, brand by brand."""
    return [f"{brand} {size}" for brand in BRANDS for size in _SIZES]
