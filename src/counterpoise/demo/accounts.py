"""Customers: industry, size, segment, place, what they were when, and whose persona they meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from counterpoise.demo.arrays import NONE, Flags, Floats, Ints, choose
from counterpoise.demo.columns import days, ids, instants, money, whole, words
from counterpoise.demo.export import Columns
from counterpoise.demo.names import firm_names
from counterpoise.demo.people import EUROPE, NEVER, REGIONS, People
from counterpoise.demo.recipe import Recipe
from counterpoise.demo.streams import Streams
from counterpoise.demo.worktime import MINUTES_A_DAY, day_number

INDUSTRIES = [
    "Manufacturing",
    "Medical",
    "Food",
    "Energy",
    "Logistics",
    "Construction",
    "Retail",
    "Education",
    "Distribution",
]
DISTRIBUTION = 8
SEGMENTS = ("Small", "Mid-market", "Enterprise", "Charity")
SMALL, MIDSIZE, ENTERPRISE, CHARITY = range(4)
CURRENCIES = ("USD", "EUR", "GBP")
COUNTRIES = ("US", "DE", "FR", "NL", "GB")
_EURO_COUNTRIES = np.array([1, 2, 3, 4, 4])
WIDTH = 6
DISTRIBUTORS = 12
FIT_SHARE = 0.66


@dataclass(frozen=True)
class Persona:
    """An ideal customer: industries and a half-open range of employees."""

    id: str
    name: str
    industries: tuple[int, ...]
    at_least: int
    below: int
    value: str


PERSONAS = (
    Persona("maker", "Mid-size maker", (0, 3), 50, 1000, "uptime"),
    Persona("clean", "Clean producer", (1, 2), 100, 5000, "hygiene"),
    Persona("mover", "Network operator", (4,), 500, 5000, "reach"),
)


def persona_of(industry: Ints, employees: Ints) -> Ints:
    """Return the first persona that an account meets, or -1.

    >>> persona_of(np.array([0, 1, 7]), np.array([50, 50, 50])).tolist()
    [0, -1, -1]
    """
    found = np.full(len(industry), NONE)
    for at in reversed(range(len(PERSONAS))):
        persona = PERSONAS[at]
        meets = np.isin(industry, persona.industries)
        meets &= (employees >= persona.at_least) & (employees < persona.below)
        found[meets] = at
    return found


@dataclass
class Accounts:
    """Customers by position, those of a seat side by side: first who meets a persona, then not.

    Attributes with `next_` hold from `change_on`. `fit_from[seat]` to `rest_from[seat]` meet a
    persona, from there to `fit_from[seat + 1]` do not; the distributors come last.
    """

    names: list[str]
    industry: Ints
    employees: Ints
    segment: Ints
    next_employees: Ints
    next_segment: Ints
    change_on: Ints
    region: Ints
    country: Ints
    currency: Ints
    seat: Ints
    parent: Ints
    created: Ints  # minutes; set once the first deal is known
    weight: Floats
    rate_effect: Floats
    win_effect: Floats
    fit_from: Ints
    rest_from: Ints

    @property
    def size(self) -> int:
        """Return how many accounts there are, distributors included."""
        return len(self.industry)

    @property
    def distributors(self) -> Ints:
        """Return the accounts that resell."""
        return np.flatnonzero(self.industry == DISTRIBUTION)

    def segment_on(self, account: Ints, day: Ints) -> Ints:
        """Return each account's segment that day."""
        before = day < self.change_on[account]
        return np.where(before, self.segment[account], self.next_segment[account])

    def employees_on(self, account: Ints, day: Ints) -> Ints:
        """Return each account's employees that day."""
        before = day < self.change_on[account]
        return np.where(before, self.employees[account], self.next_employees[account])

    def persona_on(self, account: Ints, day: Ints) -> Ints:
        """Return the persona that each account meets that day, or -1."""
        return persona_of(self.industry[account], self.employees_on(account, day))


def make_accounts(recipe: Recipe, streams: Streams, people: People, deals: int) -> Accounts:
    """Give every seat its customers, two in three of them inside a persona."""
    seats = len(people.holder)
    each = max(16, round(deals / seats / 2.6))
    inside = round(each * FIT_SHARE)
    own = np.repeat(np.arange(seats), each)
    fits = np.tile(np.arange(each) < inside, seats)
    rng = streams.of("accounts")
    industry, employees = _draw_kind(rng, fits)
    seat = np.r_[own, np.full(DISTRIBUTORS, NONE)]
    industry = np.r_[industry, np.full(DISTRIBUTORS, DISTRIBUTION)]
    employees = np.r_[employees, rng.integers(40, 300, DISTRIBUTORS)]
    accounts = _lay_out(recipe, streams, people, seat, industry, employees)
    accounts.fit_from = np.arange(seats + 1) * each
    accounts.rest_from = np.arange(seats) * each + inside
    accounts.names = firm_names(streams.of("firm names"), INDUSTRIES, industry)
    return accounts


def _draw_kind(rng: np.random.Generator, fits: Flags) -> tuple[Ints, Ints]:
    """Draw industry and employees so that exactly the accounts marked meet a persona."""
    size = len(fits)
    which = choose(rng, np.array([0.5, 0.35, 0.15]), size)
    personas = [PERSONAS[at] for at in range(len(PERSONAS))]
    low = np.array([p.at_least for p in personas])[which]
    high = np.array([p.below for p in personas])[which]
    second = np.array([p.industries[-1] for p in personas])[which]
    first = np.array([p.industries[0] for p in personas])[which]
    industry = np.where(rng.random(size) < 0.6, first, second)
    employees = np.exp(rng.uniform(np.log(low), np.log(high))).astype(np.int64)
    # Outside: other industries of any size, or a persona's industry when too small.
    stranger = rng.random(size) < 0.75
    other = np.array([5, 6, 7])[rng.integers(0, 3, size)]
    tiny = np.exp(rng.uniform(np.log(8), np.log(low))).astype(np.int64)
    any_size = np.exp(rng.normal(np.log(180), 1.3, size)).clip(5, 20_000).astype(np.int64)
    industry = np.where(fits | ~stranger, industry, other)
    employees = np.where(fits, employees, np.where(stranger, any_size, np.minimum(tiny, low - 1)))
    return industry, employees


def _segment(employees: Ints) -> Ints:
    return np.select([employees >= 1000, employees >= 150], [ENTERPRISE, MIDSIZE], SMALL)


def _lay_out(
    recipe: Recipe,
    streams: Streams,
    people: People,
    seat: Ints,
    industry: Ints,
    employees: Ints,
) -> Accounts:
    size, styles = len(seat), recipe.styles
    rng = streams.of("account details")
    region = np.where(seat >= 0, people.team_region[people.seat_team[seat]], 0)
    country = np.where(region == EUROPE, _EURO_COUNTRIES[rng.integers(0, 5, size)], 0)
    segment = _segment(employees)
    segment[(industry == 7) & (rng.random(size) < 0.18)] = CHARITY
    next_employees, change_on = _grow(recipe, rng, employees, segment)
    grown = change_on < NEVER
    parent = np.where(rng.random(size) < 0.05, np.arange(size) - 1, NONE)
    parent[(parent >= 0) & (seat[parent] != seat)] = NONE
    return Accounts(
        names=[],
        industry=industry,
        employees=employees,
        segment=segment,
        next_employees=next_employees,
        next_segment=np.where(grown, _segment(next_employees), segment),
        change_on=change_on,
        region=region,
        country=country,
        currency=np.select([country == 0, country == 4], [0, 2], 1),
        seat=seat,
        parent=parent,
        created=np.full(size, NEVER),
        weight=rng.gamma(0.9, 1.0, size) + 0.15,
        rate_effect=rng.normal(0.0, styles.account_rate, size),
        win_effect=rng.normal(0.0, styles.account_win, size),
        fit_from=np.empty(0, dtype=np.int64),
        rest_from=np.empty(0, dtype=np.int64),
    )


def _grow(
    recipe: Recipe, rng: np.random.Generator, employees: Ints, segment: Ints
) -> tuple[Ints, Ints]:
    """Let one account in twenty-five grow on the way, some of them into the next segment."""
    size = len(employees)
    start, end = day_number(recipe.first_on), day_number(recipe.last_on)
    grows = (rng.random(size) < 0.04) & (segment != CHARITY)
    when = rng.integers(start + 60, end - 60, size)
    bigger = (employees * rng.uniform(1.3, 3.0, size)).astype(np.int64)
    return np.where(grows, bigger, employees), np.where(grows, when, NEVER)


def date_accounts(
    accounts: Accounts, recipe: Recipe, rng: np.random.Generator, first: Ints
) -> None:
    """Set when accounts were made: some time before their first deal, given in minutes."""
    start = day_number(recipe.first_on) * MINUTES_A_DAY
    known = np.minimum(first, start + 365 * MINUTES_A_DAY)
    lag = (40 + rng.exponential(300, accounts.size)) * MINUTES_A_DAY
    clock = rng.integers(9 * 60, 17 * 60, accounts.size)
    accounts.created = ((known - lag.astype(np.int64)) // MINUTES_A_DAY) * MINUTES_A_DAY + clock


def accounts_table(accounts: Accounts, last: int) -> Columns:
    """Return the accounts as they are on the last day."""
    every = np.arange(accounts.size)
    now = np.full(accounts.size, last)
    employees = accounts.employees_on(every, now)
    return {
        "account_id": account_ids(every),
        "name": words(accounts.names, every),
        "industry": words(INDUSTRIES, accounts.industry),
        "segment": words(SEGMENTS, accounts.segment_on(every, now)),
        "employees": whole(employees),
        "annual_revenue": money(_revenue(employees, every)),
        "country": words(COUNTRIES, accounts.country),
        "region": words(REGIONS, accounts.region),
        "parent_account_id": account_ids(accounts.parent),
        "created_at": instants(accounts.created),
    }


def account_history_table(accounts: Accounts) -> Columns:
    """Return what growing accounts were before and after, from which day."""
    grown = np.flatnonzero(accounts.change_on < NEVER)
    account = np.repeat(grown, 2)
    before = np.tile([True, False], len(grown))
    created = accounts.created[account] // MINUTES_A_DAY
    day = np.where(before, created, accounts.change_on[account])
    employees = accounts.employees_on(account, day)
    return {
        "account_id": account_ids(account),
        "valid_from": days(day),
        "industry": words(INDUSTRIES, accounts.industry[account]),
        "segment": words(SEGMENTS, accounts.segment_on(account, day)),
        "employees": whole(employees),
        "annual_revenue": money(_revenue(employees, account)),
        "region": words(REGIONS, accounts.region[account]),
    }


def account_ids(accounts: Ints) -> pa.Array:
    """Write accounts as their ids."""
    return ids("A", np.where(accounts < 0, NONE, accounts + 1), WIDTH)


def _revenue(employees: Ints, account: Ints) -> Ints:
    """Return yearly revenue in cents: by head, and steady for an account."""
    by_head = 140_000 + (account * 7919 % 101) * 1_000
    return np.asarray(employees * by_head * 100, dtype=np.int64)
