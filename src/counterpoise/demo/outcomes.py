"""Who is won: the true chance, the outcome, and the prices that stand at the end."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.arrays import NONE, Floats, Ints, logistic
from counterpoise.demo.campaigns import EXISTING, OUTBOUND, REFERRAL, SOURCES
from counterpoise.demo.deals import CANCELLED, LOST, OPEN, WON, Deals
from counterpoise.demo.products import in_workspace_cents
from counterpoise.demo.terms import MILLION
from counterpoise.demo.worktime import quarter_starts
from counterpoise.demo.world import FISCAL_YEAR_STARTS, World

# The true model of winning, in log-odds.
BASE = -1.15
PERSONA = 0.50
CONTESTED = -0.45
BY_KIND = (0.0, 0.45, 1.20)
BY_SEGMENT = (0.10, 0.0, -0.15, 0.55)
BY_SOURCE = {REFERRAL: 0.40, OUTBOUND: -0.25, EXISTING: 0.15}
QUARTER = 0.06  # standard deviation between quarters
_CANCELLED = 0.04
# How often the offer is on record, by outcome: open, won, lost, cancelled.
_RECORDED = np.array([0.8, 1.0, 0.975, 0.6])


def weigh(world: World, deals: Deals) -> None:
    """Set each deal's log-odds of winning, all but the effect of the rate."""
    source = np.zeros(len(SOURCES))
    source[list(BY_SOURCE)] = list(BY_SOURCE.values())
    harm = world.recipe.hidden_harm if world.recipe.hidden_cause else 0.0
    deals.odds = (
        BASE
        + PERSONA * (deals.persona != NONE)
        + CONTESTED * (deals.competitor != NONE)
        + np.array(BY_KIND)[deals.kind]
        + np.array(BY_SEGMENT)[deals.segment]
        + source[deals.source]
        + world.people.skill[deals.owner]
        + world.accounts.win_effect[deals.account]
        + _quarter_effect(world, deals.day)
        - harm * deals.hidden
    )


def chance(world: World, deals: Deals, rate: Ints | None = None) -> Floats:
    """Return the true chance of winning at the deals' own rates, or at others."""
    at = deals.rate if rate is None else rate
    return logistic(deals.odds + world.recipe.dose.effect(at / MILLION))


def settle(world: World, deals: Deals, rng: np.random.Generator) -> None:
    """Draw the outcomes, and whether the offer went on record."""
    wins = rng.random(deals.size) < chance(world, deals)
    closed = np.where(wins, WON, LOST)
    closed = np.where(rng.random(deals.size) < _CANCELLED, CANCELLED, closed)
    deals.outcome = np.where(deals.closed < world.ends, closed, OPEN)
    deals.recorded = rng.random(deals.size) < _RECORDED[deals.outcome]


def price(deals: Deals, rate: Ints) -> None:
    """Set net prices a line at a rate for the whole deal, and the deal's net amount."""
    lines = deals.lines
    deals.net_price = net_prices(deals, rate)
    total = lines.quantity * deals.net_price
    deals.net_home = deals.sums(in_workspace_cents(total, deals.exchange[lines.deal]))


def net_prices(deals: Deals, rate: Ints) -> Ints:
    """Return unit prices at a rate, in cents, rounded so that they never push a rate over.

    A foreign price has one cent more, so that conversion does not push it over either.
    """
    deal = deals.lines.deal
    listed = deals.lines.list_price
    off = listed * rate[deal] // MILLION
    spare = (rate[deal] > 0) & (deals.currency[deal] > 0)
    return np.asarray(listed - off + spare, dtype=np.int64)


def _quarter_effect(world: World, day: Ints) -> Floats:
    quarter, at = np.unique(quarter_starts(day, FISCAL_YEAR_STARTS), return_inverse=True)
    effects = [world.streams.of("quarter", int(q)).normal(0.0, QUARTER) for q in quarter]
    return np.asarray(np.array(effects)[at])
