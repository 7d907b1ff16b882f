"""Leads: made by marketing, scored, handed over, answered, accepted or not, some now deals."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from counterpoise.demo.accounts import account_ids
from counterpoise.demo.arrays import NONE, Flags, Floats, Ints, choose, choose_within
from counterpoise.demo.campaigns import EXISTING, OUTBOUND, REFERRAL, SOURCES, WEBSITE, campaign_ids
from counterpoise.demo.columns import ids, instants, whole, words
from counterpoise.demo.deal_tables import deal_ids
from counterpoise.demo.deals import Deals
from counterpoise.demo.export import Columns
from counterpoise.demo.people import person_ids
from counterpoise.demo.pursuit import NEW, PERSONA_SHARE
from counterpoise.demo.worktime import MINUTES_A_DAY, WORKDAY
from counterpoise.demo.world import World

WIDTH = 8
QUALIFIED = 60
REASONS = ("no budget", "wrong persona", "no need", "duplicate", "unreachable")
WRONG_PERSONA = 1
VERDICTS = ("accepted", "rejected")
ACCEPTED, REJECTED = range(2)
# Of leads handed over this share becomes a deal; of the rest some are accepted all the same.
DEAL_SHARE = 0.5
ACCEPTED_REST = 0.22
_SCORE_MEAN, _SCORE_SPREAD = 62.0, 15.0
_PER_POINT = 0.006  # how much the share that becomes a deal grows a point of score
_NEVER_ANSWERED = 0.015
_NEVER_JUDGED = 0.02
_UNEXPLAINED = 0.04
_WITHOUT_ACCOUNT = 0.2


@dataclass
class Leads:
    """A batch of leads in order of creation; times in minutes, -1 where it never came."""

    first: int  # how many leads stand in earlier batches
    deal: Ints  # position in the batch of deals, or -1
    score: Ints
    qualified_lead: Flags
    seat: Ints
    campaign: Ints
    source: Ints
    inside: Flags
    handed: Ints  # for unqualified leads: when it was made
    response: Ints  # working minutes from hand-over to answer; -1 for none
    judging: Ints  # working minutes from answer to verdict; -1 for none
    account: Ints = field(init=False)
    owner: Ints = field(init=False)
    created: Ints = field(init=False)
    qualified: Ints = field(init=False)
    verdict: Ints = field(init=False)
    reason: Ints = field(init=False)
    answered: Ints = field(init=False)
    judged: Ints = field(init=False)
    notes: dict[str, Flags] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Return how many leads the batch holds."""
        return len(self.deal)

    @property
    def handed_day(self) -> Ints:
        """Return the day of hand-over."""
        return self.handed // MINUTES_A_DAY

    def slow_down(self, world: World, rows: Flags, minutes: Ints) -> None:
        """Answer some leads so many working minutes later; those behind deals came earlier."""
        sooner = np.where(rows & (self.deal >= 0), minutes, 0)
        handed = world.work.at(world.work.position(self.handed) - sooner)
        shift = np.where(sooner > 0, handed - self.handed, 0)
        self.handed = self.handed + shift
        self.created = self.created + shift
        self.qualified = np.where(self.qualified >= 0, self.qualified + shift, NONE)
        self.response = np.where(rows, self.response + minutes, self.response)

    def reject(self, rows: Flags) -> None:
        """Turn some leads down; they are not what their deals came from."""
        self.verdict = np.where(rows, REJECTED, self.verdict)
        self.deal = np.where(rows, NONE, self.deal)

    def date(self, world: World) -> None:
        """Work the times out; what would lie beyond the last day has not happened."""
        start = world.work.position(self.handed)
        answered = world.work.at(start + np.maximum(self.response, 0))
        answered = np.where(self.qualified_lead & (self.response >= 0), answered, NONE)
        wait = np.maximum(self.response, 0) + np.maximum(self.judging, 0)
        judged = world.work.at(start + wait)
        judged = np.where((answered >= 0) & (self.judging >= 0), judged, NONE)
        self.answered = np.where(answered < world.ends, answered, NONE)
        self.judged = np.where(judged < world.ends, judged, NONE)


def lead(world: World, deals: Deals, rng: np.random.Generator, first: int) -> Leads:
    """Make the leads behind a batch of deals, and those that became nothing beside them."""
    leads = _mix(world, deals, rng, first)
    _attribute(world, deals, leads, rng)
    _judge(world, leads, rng)
    return leads


def unlink(deals: Deals, leads: Leads) -> None:
    """Let deals whose lead was turned down have come to the company otherwise."""
    led = np.zeros(deals.size, dtype=bool)
    led[leads.deal[leads.deal >= 0]] = True
    cut = deals.from_lead & ~led
    deals.from_lead = led
    deals.campaign = np.where(cut, NONE, deals.campaign)
    deals.source = np.where(cut, np.where(deals.kind == NEW, OUTBOUND, EXISTING), deals.source)


def find(world: World, deals: Deals, leads: Leads, rng: np.random.Generator) -> None:
    """Find each lead's account and owner, once it is settled whom its campaign reached."""
    accounts = world.accounts
    begin, rest = accounts.fit_from[leads.seat], accounts.rest_from[leads.seat]
    low = np.where(leads.inside, begin, rest)
    high = np.where(leads.inside, rest, accounts.fit_from[leads.seat + 1])
    drawn = choose_within(rng, accounts.weight, low, high)
    drawn = np.where(rng.random(leads.size) < _WITHOUT_ACCOUNT, NONE, drawn)
    drawn = np.where(accounts.created[drawn] < leads.created, drawn, NONE)
    leads.account = np.where(leads.deal >= 0, deals.account[leads.deal], drawn)
    owner = world.people.holder_on(leads.seat, leads.handed_day)
    leads.owner = np.where(leads.deal >= 0, deals.owner[leads.deal], owner)


def leads_table(world: World, deals: Deals, leads: Leads) -> Columns:
    """Return the leads as they stand on the last day."""
    handed = np.where(leads.qualified_lead & (leads.handed < world.ends), leads.handed, NONE)
    verdict = np.where(leads.judged >= 0, leads.verdict, NONE)
    qualified = np.where(leads.qualified_lead, leads.qualified, NONE)
    return {
        "lead_id": lead_ids(leads.first + np.arange(leads.size)),
        "account_id": account_ids(leads.account),
        "campaign_id": campaign_ids(leads.campaign),
        "source": words(SOURCES, leads.source),
        "score": whole(leads.score),
        "created_at": instants(leads.created),
        "qualified_at": instants(qualified),
        "handed_over_at": instants(handed),
        "owner_id": person_ids(np.where(leads.qualified_lead, leads.owner, NONE)),
        "first_response_at": instants(leads.answered),
        "verdict": words(VERDICTS, verdict),
        "verdict_at": instants(leads.judged),
        "rejection_reason": words(REASONS, np.where(verdict == REJECTED, leads.reason, NONE)),
        "deal_id": deal_ids(np.where(leads.deal >= 0, deals.number[leads.deal], NONE)),
    }


def lead_numbers(deals: Deals, leads: Leads) -> Ints:
    """Return for each deal the number of its lead, or -1."""
    found = np.full(deals.size, NONE)
    rows = np.flatnonzero(leads.deal >= 0)
    found[leads.deal[rows]] = leads.first + rows + 1
    return found


def lead_ids(numbers: Ints) -> pa.Array:
    """Write leads, numbered from 0, as their ids."""
    return ids("L", np.where(numbers < 0, NONE, numbers + 1), WIDTH)


def _mix(world: World, deals: Deals, rng: np.random.Generator, first: int) -> Leads:
    """Put leads that became deals, that were handed over, and that were not, side by side.

    Counts and scores are such that all scores together have one smooth density.
    """
    became = np.flatnonzero(deals.from_lead)
    pmf = _score_density()
    share_over = pmf[QUALIFIED:].sum()
    rest = round(len(became) * (1 - DEAL_SHARE) / DEAL_SHARE)
    under = round((len(became) + rest) * (1 - share_over) / share_over)
    score = np.r_[
        _draw_scores(rng, pmf, len(became), +_PER_POINT),
        _draw_scores(rng, pmf, rest, -_PER_POINT),
        choose(rng, np.where(np.arange(101) < QUALIFIED, pmf, 0.0), under),
    ]
    deal = np.r_[became, np.full(rest + under, NONE)]
    judging = (30 + rng.exponential(200, len(score))).astype(np.int64)
    response = _response_times(rng, len(score))
    edges = world.work.position(deals.created[[0, -1]])
    made = rng.integers(edges[0], edges[1] + 1, rest + under)
    position = world.work.position(deals.created[became]) - 15
    handed = position - response[: len(became)] - judging[: len(became)]
    handed = np.r_[world.work.at(np.maximum(handed, 1)), world.work.at(made)]
    seat = choose(rng, world.people.activity, len(score))
    seat[: len(became)] = deals.seat[became]
    order = np.argsort(handed, kind="stable")
    return Leads(
        first=first,
        deal=deal[order],
        score=score[order],
        qualified_lead=score[order] >= QUALIFIED,
        seat=seat[order],
        campaign=np.full(len(score), NONE),
        source=np.full(len(score), NONE),
        inside=np.zeros(len(score), dtype=bool),
        handed=handed[order],
        response=response[order],
        judging=judging[order],
    )


def _attribute(world: World, deals: Deals, leads: Leads, rng: np.random.Generator) -> None:
    """Say where each lead came from; those behind deals have it from the deal."""
    size = leads.size
    led = deals.campaign[leads.deal]
    drawn = world.campaigns.choose(rng, leads.handed)
    drawn = np.where(rng.random(size) < 0.15, NONE, drawn)
    leads.campaign = np.where(leads.deal >= 0, led, drawn)
    alone = np.where(rng.random(size) < 0.3, REFERRAL, WEBSITE)
    alone = np.where(leads.deal >= 0, deals.source[leads.deal], alone)
    channel = world.campaigns.channel[leads.campaign]
    leads.source = np.where(leads.campaign >= 0, channel, alone)
    share = PERSONA_SHARE - 0.1 + world.people.persona_style[leads.seat]
    leads.inside = rng.random(size) < share
    leads.inside = np.where(leads.deal >= 0, deals.persona[leads.deal] >= 0, leads.inside)
    qualified = leads.handed - (rng.exponential(300, size)).astype(np.int64) - 1
    leads.qualified = np.where(leads.qualified_lead, qualified, NONE)
    age = rng.exponential(6 * MINUTES_A_DAY, size).astype(np.int64)
    leads.created = np.where(leads.qualified_lead, qualified, leads.handed) - age - 20


def _judge(world: World, leads: Leads, rng: np.random.Generator) -> None:
    size = leads.size
    became = leads.deal >= 0
    lift = world.campaigns.acceptance[leads.campaign] / (1 - DEAL_SHARE)
    share = ACCEPTED_REST + np.where(leads.campaign >= 0, lift, 0.0)
    accepted = became | (rng.random(size) < np.clip(share, 0.02, 0.9))
    leads.verdict = np.where(accepted, ACCEPTED, REJECTED)
    leads.reason = reasons(leads.inside, rng)
    unexplained = rng.random(size) < _UNEXPLAINED
    leads.reason = np.where(unexplained, NONE, leads.reason)
    silent = ~became & (rng.random(size) < _NEVER_ANSWERED)
    leads.response = np.where(silent, NONE, leads.response)
    forgotten = ~became & (rng.random(size) < _NEVER_JUDGED)
    leads.judging = np.where(forgotten | silent, NONE, leads.judging)


def reasons(inside: Flags, rng: np.random.Generator) -> Ints:
    """Draw reasons for refusal; "wrong persona" is said of those outside, rarely of others."""
    outside = choose(rng, np.array([0.16, 0.44, 0.18, 0.07, 0.15]), len(inside))
    within = choose(rng, np.array([0.31, 0.04, 0.33, 0.12, 0.20]), len(inside))
    return np.where(inside, within, outside)


def _response_times(rng: np.random.Generator, size: int) -> Ints:
    """Answer nineteen of twenty leads within four working hours, the rest within two days."""
    quick = np.minimum(3 + rng.exponential(75, size), 235)
    slow = rng.uniform(245, 2 * WORKDAY, size)
    return np.where(rng.random(size) < 0.04, slow, quick).astype(np.int64)


def _score_density() -> Floats:
    score = np.arange(101)
    bell = np.exp(-0.5 * ((score - _SCORE_MEAN) / _SCORE_SPREAD) ** 2)
    return np.asarray(bell / bell.sum())


def _draw_scores(rng: np.random.Generator, pmf: Floats, size: int, per_point: float) -> Ints:
    """Draw scores above the mark, tilted; the two tilts used cancel in the whole."""
    score = np.arange(101)
    over = np.where(score >= QUALIFIED, pmf, 0.0)
    over /= over.sum()
    mean = float((over * score).sum())
    return choose(rng, over * (DEAL_SHARE + per_point * (score - mean)), size)
