"""Everything about the company that is there before its first deal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import holidays

from counterpoise.demo.accounts import Accounts, make_accounts
from counterpoise.demo.campaigns import Campaigns, make_campaigns
from counterpoise.demo.people import People, make_people
from counterpoise.demo.products import FAMILIES, Products, make_products
from counterpoise.demo.recipe import Recipe
from counterpoise.demo.streams import Streams
from counterpoise.demo.terms import Terms, make_terms
from counterpoise.demo.tools import Tools, make_tools
from counterpoise.demo.worktime import MINUTES_A_DAY, WorkTime, day_number

CURRENCY = "USD"
TIME_ZONE = "America/New_York"
COUNTRY = "US"
FISCAL_YEAR_STARTS = 1


@dataclass
class World:
    """The company at rest. Faults may change it before anything happens in it."""

    recipe: Recipe
    streams: Streams
    deals: int
    work: WorkTime
    people: People
    accounts: Accounts
    products: Products
    campaigns: Campaigns
    tools: Tools
    terms: Terms

    @property
    def first(self) -> int:
        """Return the first day's number."""
        return day_number(self.recipe.first_on)

    @property
    def last(self) -> int:
        """Return the last day's number."""
        return day_number(self.recipe.last_on)

    @property
    def ends(self) -> int:
        """Return the minute at which nothing is known any more."""
        return (self.last + 1) * MINUTES_A_DAY

    @property
    def window(self) -> int:
        """Return the first day of the last twelve months."""
        return day_number(self.recipe.window_from)


def make_world(recipe: Recipe, seed: int, deals: int) -> World:
    """Set the company up."""
    streams = Streams(seed)
    people = make_people(recipe, streams, deals, len(FAMILIES))
    return World(
        recipe=recipe,
        streams=streams,
        deals=deals,
        work=_calendar(recipe),
        people=people,
        accounts=make_accounts(recipe, streams, people, deals),
        products=make_products(recipe, streams),
        campaigns=make_campaigns(recipe, streams, people, deals),
        tools=make_tools(recipe, streams, people),
        terms=make_terms(recipe),
    )


def _calendar(recipe: Recipe) -> WorkTime:
    first = recipe.first_on - dt.timedelta(days=400)
    last = recipe.last_on + dt.timedelta(days=800)
    years = range(first.year, last.year + 1)
    return WorkTime(first, last, frozenset(holidays.country_holidays(COUNTRY, years=years)))
