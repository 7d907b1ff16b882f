"""Who asks for a rate above their own authority, who answers, when, and what."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.arrays import NONE, Flags, Ints
from counterpoise.demo.deals import Deals
from counterpoise.demo.rates import TENTH
from counterpoise.demo.terms import (
    LEAD_GRADE,
    MANAGER_GRADE,
    REP_GRADE,
    is_excluded,
    is_protected,
)
from counterpoise.demo.worktime import MINUTES_A_DAY, WORKDAY
from counterpoise.demo.world import World

_FORGOTTEN = 0.012
_REFUSED = 0.10
_AFTER_CLOSING = 0.004


def ask(world: World, deals: Deals, rng: np.random.Generator) -> None:
    """Ask for what is above the owner's authority; a refused rate comes down within it."""
    deals.own = own_authority(world, deals)
    deals.asked_rate = deals.rate.copy()
    needs = (deals.rate > deals.own) & ~is_excluded(deals.segment)
    asks = needs & (rng.random(deals.size) >= _FORGOTTEN)
    deals.grade = np.where(_goes_to_lead(world, deals), LEAD_GRADE, MANAGER_GRADE)
    deals.refused = asks & (rng.random(deals.size) < _REFUSED)
    lower = deals.own * rng.uniform(0.35, 0.97, deals.size) // TENTH * TENTH
    deals.rate = np.where(deals.refused, lower.astype(np.int64), deals.rate)
    deals.asked = np.where(asks, 0, NONE)
    deals.decided = deals.asked.copy()
    answer(world, deals, asks, _answer_times(rng, deals.size))
    _answer_too_late(world, deals, asks & (rng.random(deals.size) < _AFTER_CLOSING))
    name_deciders(world, deals)


def own_authority(world: World, deals: Deals) -> Ints:
    """Return what each owner may give alone, by the role of that day."""
    leads = deals.role_days(world)
    terms = world.terms
    rep = terms.authority(deals.day, deals.row, deals.lever, REP_GRADE)
    manager = terms.authority(deals.day, deals.row, deals.lever, MANAGER_GRADE)
    own = np.where(leads, manager, rep)
    return np.where(is_protected(deals.main_family) | is_excluded(deals.segment), 0, own)


def answer(world: World, deals: Deals, rows: Flags, minutes: Ints) -> None:
    """Date the requests of some deals so that each is answered after so many working minutes.

    The answer comes before the deal closes, as late as two days before; where the deal is too
    young for the wait, the wait is shorter.
    """
    created = world.work.position(deals.created)
    closed = world.work.position(deals.closed)
    room = 60 + (closed - created) % (2 * WORKDAY - 120)
    decided = np.maximum(closed - room, created + 90)
    asked = np.maximum(decided - minutes, created + 30)
    deals.asked = np.where(rows, world.work.at(asked), deals.asked)
    deals.decided = np.where(rows, world.work.at(decided), deals.decided)


def name_deciders(world: World, deals: Deals) -> None:
    """Let the owner's manager of that day decide, or the revenue lead above a manager."""
    day = np.maximum(deals.decided, 0) // MINUTES_A_DAY
    manager = world.people.manager_on(deals.owner, day)
    lead = (deals.grade == LEAD_GRADE) | (manager == deals.owner)
    deals.decider = np.where(lead, world.people.lead, manager)
    deals.grade = np.where(deals.decider == world.people.lead, LEAD_GRADE, MANAGER_GRADE)


def is_valid(deals: Deals) -> Flags:
    """Tell which deals have an approval that counts: given, and before closing."""
    return (deals.asked >= 0) & ~deals.refused & (deals.decided <= deals.closed)


def _goes_to_lead(world: World, deals: Deals) -> Flags:
    most = world.terms.authority(deals.day, deals.row, deals.lever, MANAGER_GRADE)
    protected = is_protected(deals.main_family)
    return (deals.rate > most) | deals.role_days(world) | protected


def _answer_times(rng: np.random.Generator, size: int) -> Ints:
    """Answer most within a few hours and one in thirty after more than a working day."""
    quick = np.minimum(10 + rng.exponential(130, size), WORKDAY - 5)
    slow = rng.uniform(WORKDAY + 30, 2 * WORKDAY, size)
    return np.where(rng.random(size) < 0.03, slow, quick).astype(np.int64)


def _answer_too_late(world: World, deals: Deals, rows: Flags) -> None:
    after = world.work.later(deals.closed, np.full(deals.size, 200))
    deals.decided = np.where(rows, after, deals.decided)
