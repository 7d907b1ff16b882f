"""What a deal is about: when it closes, its terms, who competes, and its lines at list."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.arrays import NONE, Floats, Ints, choose
from counterpoise.demo.deals import Deals, Lines
from counterpoise.demo.products import EACH, FAMILY_SHARE, in_workspace_cents
from counterpoise.demo.pursuit import GROWTH, NEW
from counterpoise.demo.terms import MILLION, levers_of
from counterpoise.demo.worktime import MINUTES_A_DAY, WORKDAY, quarter_ends
from counterpoise.demo.world import FISCAL_YEAR_STARTS, World

PAYMENTS = ("net 30", "net 60", "upfront")
UPFRONT = 2
_CYCLE_DAYS = np.array([34.0, 26.0, 16.0])  # working days, the median by kind
_TERMS = np.array([12, 24, 36, 60])
# The typical amount at list by segment, in whole units of workspace currency.
_AMOUNT = np.array([7_500.0, 24_000.0, 82_000.0, 6_500.0])
LAST_DAYS = 10  # of a quarter


def quote(world: World, deals: Deals, rng: np.random.Generator) -> None:
    """Date each deal, draw its terms, and list its lines."""
    _date(world, deals, rng)
    _know_account(world, deals)
    _agree_terms(deals, rng)
    _list_lines(world, deals, rng)
    place(world, deals)


def place(world: World, deals: Deals) -> None:
    """Find what the agreement looks at: the list amount, the main family, the row, the levers."""
    lines = deals.lines
    total = lines.quantity * lines.list_price
    home = in_workspace_cents(total, deals.exchange[lines.deal])
    deals.list_home = deals.sums(home)
    deals.main_family = world.products.family[lines.product[_largest(deals, home)]]
    deals.row = world.terms.row_of(deals.day, deals.segment, deals.list_home)
    deals.lever = levers_of(deals.term_months, deals.payment == UPFRONT)


def _date(world: World, deals: Deals, rng: np.random.Generator) -> None:
    """Draw how long each deal takes; one in eight waits for the end of its quarter."""
    days = _CYCLE_DAYS[deals.kind] * np.exp(rng.normal(0.0, 0.55, deals.size))
    wait = (np.maximum(days, 4.0) * WORKDAY).astype(np.int64)
    closed = world.work.later(deals.created, wait)
    ends = quarter_ends(closed // MINUTES_A_DAY, FISCAL_YEAR_STARTS)
    late = world.work.position((ends + 1) * MINUTES_A_DAY)
    early = world.work.position((ends + 1 - LAST_DAYS) * MINUTES_A_DAY)
    pulled = world.work.at((early + rng.random(deals.size) * (late - early)).astype(np.int64))
    waits = (rng.random(deals.size) < 0.125) & (pulled > closed)
    deals.closed = np.where(waits, pulled, closed)
    deals.day = np.minimum(deals.closed // MINUTES_A_DAY, world.last)


def _know_account(world: World, deals: Deals) -> None:
    accounts = world.accounts
    deals.segment = accounts.segment_on(deals.account, deals.day)
    deals.persona = accounts.persona_on(deals.account, deals.day)
    deals.currency = accounts.currency[deals.account]
    deals.exchange = world.products.exchange_on(deals.currency, deals.day)


def _agree_terms(deals: Deals, rng: np.random.Generator) -> None:
    size = deals.size
    deals.term_months = _TERMS[choose(rng, np.array([0.58, 0.24, 0.14, 0.04]), size)]
    deals.payment = choose(rng, np.array([0.7, 0.17, 0.13]), size)
    contested = rng.random(size) < np.array([0.55, 0.4, 0.2])[deals.kind]
    rival = choose(rng, np.array([0.35, 0.3, 0.2, 0.15]), size)
    deals.competitor = np.where(contested, rival, NONE)


def _list_lines(world: World, deals: Deals, rng: np.random.Generator) -> None:
    count = 1 + choose(rng, np.array([0.55, 0.25, 0.12, 0.05, 0.03]), deals.size)
    starts = np.r_[0, np.cumsum(count)[:-1]]
    deal = np.repeat(np.arange(deals.size), count)
    number = np.arange(len(deal)) - starts[deal] + 1
    product = _products(world, deals, rng, deal, number)
    share = np.where(number == 1, 1.0, 0.35) * rng.uniform(0.7, 1.3, len(deal))
    share /= np.add.reduceat(share, starts)[deal]
    wanted = _amounts(deals, rng)[deal] * share
    product, quantity = _fit(world, product, wanted)
    price = world.products.price_on(product, deals.day[deal])
    exchange = deals.exchange[deal]
    deals.lines = Lines(
        deal=deal,
        number=number,
        product=product,
        quantity=quantity,
        list_price=_foreign(price, exchange),
        cost=_foreign(world.products.cost[product], exchange),
        starts=starts,
    )


def _products(
    world: World, deals: Deals, rng: np.random.Generator, deal: Ints, number: Ints
) -> Ints:
    """Draw families: half of the first lines from a campaign are of the family it was about."""
    family = choose(rng, FAMILY_SHARE, len(deal))
    led = (deals.campaign[deal] >= 0) & (number == 1) & (rng.random(len(deal)) < 0.5)
    about = world.campaigns.family[deals.campaign[deal]]
    family = np.where(led, about, family)
    return np.asarray(family * EACH + rng.integers(0, EACH, len(deal)), dtype=np.int64)


def _amounts(deals: Deals, rng: np.random.Generator) -> Floats:
    grown = np.where(deals.kind == NEW, 1.0, np.where(deals.kind == GROWTH, 1.05, 0.9))
    return np.asarray(_AMOUNT[deals.segment] * grown * np.exp(rng.normal(0.0, 0.7, deals.size)))


def _fit(world: World, product: Ints, wanted: Floats) -> tuple[Ints, Ints]:
    """Take a smaller size where a single piece would be more than was wanted."""
    base = world.products.prices[:, 0] / 100.0
    for _ in range(EACH - 1):
        too_big = (base[product] > 1.25 * wanted) & (product % EACH > 0)
        product = np.where(too_big, product - 1, product)
    quantity = np.maximum(1, np.rint(wanted / base[product])).astype(np.int64)
    return product, quantity


def _foreign(cents: Ints, millionths: Ints) -> Ints:
    """Turn cents of workspace currency into cents of another, to the nearest cent."""
    return np.asarray((cents * MILLION + millionths // 2) // millionths, dtype=np.int64)


def _largest(deals: Deals, home: Ints) -> Ints:
    """Return each deal's largest line; of equal ones the first."""
    top = np.maximum.reduceat(home, deals.lines.starts)
    is_top = np.flatnonzero(home == top[deals.lines.deal])
    return is_top[np.searchsorted(deals.lines.deal[is_top], np.arange(deals.size))]
