"""Whom the company sells to, when, and how it came to it: the bones of every deal, in order."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from counterpoise.demo.accounts import date_accounts
from counterpoise.demo.arrays import NONE, Flags, Ints, choose, choose_within, count_before
from counterpoise.demo.campaigns import EXISTING, OUTBOUND, REFERRAL, WEBSITE
from counterpoise.demo.people import NEVER
from counterpoise.demo.stage import Planting, Stage
from counterpoise.demo.worktime import MINUTES_A_DAY
from counterpoise.demo.world import World

NEW, GROWTH, RENEWAL = range(3)
KINDS = ("new", "growth", "renewal")
LEAD_SHARE = 0.32
PERSONA_SHARE = 0.62
_WITHOUT_CAMPAIGN = 0.15


@dataclass
class Pursuit:
    """Deals by position in order of creation: who pursues whom, and from which lead."""

    created: Ints  # minutes
    seat: Ints
    owner: Ints
    team: Ints
    campaign: Ints
    source: Ints
    from_lead: Flags
    inside: Flags  # whether the rep goes for an account inside a persona
    account: Ints = field(init=False)
    before: Ints = field(init=False)  # earlier deals of the same account
    kind: Ints = field(init=False)

    @property
    def size(self) -> int:
        """Return how many deals there are."""
        return len(self.created)


def pursue(world: World, planting: Planting) -> Pursuit:
    """Lay out every deal; the accounts learn when they were made."""
    pursuit = _start(world)
    planting.run(Stage.PURSUED, world, pursuit)
    _find_accounts(world, pursuit)
    planting.run(Stage.FOUND, world, pursuit)
    pursuit.before = count_before(pursuit.account)
    pursuit.kind = _kinds(world, pursuit)
    _name_sources(world, pursuit)
    _date(world, pursuit)
    return pursuit


def _start(world: World) -> Pursuit:
    size, people, streams = world.deals, world.people, world.streams
    edges = world.work.position(np.array([world.first, world.last + 1]) * MINUTES_A_DAY)
    spread = np.sort(streams.of("created").random(size)) ** 0.93
    created = world.work.at((edges[0] + spread * (edges[1] - edges[0] - 1)).astype(np.int64))
    seat = choose(streams.of("seat"), people.activity, size)
    owner = people.holder_on(seat, created // MINUTES_A_DAY)
    rng = streams.of("from lead")
    from_lead = rng.random(size) < LEAD_SHARE
    reached = from_lead & (rng.random(size) >= _WITHOUT_CAMPAIGN)
    campaign = np.full(size, NONE)
    rows = np.flatnonzero(reached)
    campaign[rows] = world.campaigns.choose(streams.of("deal campaign"), created[rows])
    wish = streams.of("inside").random(size)
    return Pursuit(
        created=created,
        seat=seat,
        owner=owner,
        team=people.seat_team[seat],
        campaign=campaign,
        source=np.where(campaign >= 0, world.campaigns.channel[campaign], WEBSITE),
        from_lead=from_lead,
        inside=wish < PERSONA_SHARE + people.persona_style[seat],
    )


def _find_accounts(world: World, pursuit: Pursuit) -> None:
    accounts = world.accounts
    first, rest = accounts.fit_from[pursuit.seat], accounts.rest_from[pursuit.seat]
    low = np.where(pursuit.inside, first, rest)
    high = np.where(pursuit.inside, rest, accounts.fit_from[pursuit.seat + 1])
    rng = world.streams.of("account")
    pursuit.account = choose_within(rng, accounts.weight, low, high)


def _kinds(world: World, pursuit: Pursuit) -> Ints:
    """Let an account's first deal be new, unless it was a customer before the first day."""
    rng = world.streams.of("kind")
    customer = rng.random(world.accounts.size) < 0.3
    known = (pursuit.before > 0) | customer[pursuit.account]
    again = choose(rng, np.array([0.15, 0.5, 0.35]), pursuit.size)
    again = np.where(pursuit.from_lead & (again == RENEWAL), GROWTH, again)
    return np.where(known, again, NEW)


def _name_sources(world: World, pursuit: Pursuit) -> None:
    coin = world.streams.of("source").random(pursuit.size)
    cold = np.where(coin < 0.25, REFERRAL, OUTBOUND)
    without = np.where(pursuit.kind == NEW, cold, EXISTING)
    web = np.where(coin < 0.3, REFERRAL, WEBSITE)
    led = np.where(pursuit.campaign >= 0, pursuit.source, web)
    pursuit.source = np.where(pursuit.from_lead, led, without)


def _date(world: World, pursuit: Pursuit) -> None:
    first = np.full(world.accounts.size, NEVER * MINUTES_A_DAY)
    account, at = np.unique(pursuit.account, return_index=True)
    first[account] = pursuit.created[at]
    date_accounts(world.accounts, world.recipe, world.streams.of("account dates"), first)
