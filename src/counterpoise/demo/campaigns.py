"""What marketing runs: campaigns and the sources of leads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from counterpoise.demo.arrays import NONE, Floats, Ints, choose
from counterpoise.demo.columns import ids, instants, money, words
from counterpoise.demo.export import Columns
from counterpoise.demo.people import DEMAND_MARKETER, NEVER, PRODUCT_MARKETER, People, person_ids
from counterpoise.demo.products import FAMILIES
from counterpoise.demo.recipe import Recipe
from counterpoise.demo.streams import Streams
from counterpoise.demo.worktime import MINUTES_A_DAY, day_number, day_of, quarter_starts

CHANNELS = ("search", "social", "webinar", "event", "email", "print")
KINDS = ("brand", "demand", "promotion")
BRAND, DEMAND, PROMOTION = range(3)
# Sources of deals; the first five are the channels of demand campaigns.
SOURCES = (
    "Search",
    "Social",
    "Webinar",
    "Event",
    "Email",
    "Website",
    "Referral",
    "Outbound",
    "Existing customer",
)
WEBSITE, REFERRAL, OUTBOUND, EXISTING = 5, 6, 7, 8
_THEMES = (
    "Fewer Stops",
    "Clean by Design",
    "Reach Further",
    "Total Cost",
    "Quiet Power",
    "Built to Last",
    "Field Proof",
    "Next Line",
)
WIDTH = 4


@dataclass
class Campaigns:
    """Campaigns by position; `weight` is the share of leads while it runs."""

    names: list[str]
    owner: Ints
    channel: Ints
    kind: Ints
    family: Ints
    started: Ints  # minutes
    ended: Ints
    weight: Floats
    acceptance: Floats  # how much more of its leads are accepted than of others'

    @property
    def size(self) -> int:
        """Return how many campaigns there are."""
        return len(self.owner)

    def choose(self, rng: np.random.Generator, minutes: Ints) -> Ints:
        """Draw for each time a demand campaign that runs in that month, or -1 for none."""
        months = minutes.astype("datetime64[m]").astype("datetime64[M]")
        chosen = np.full(len(minutes), NONE)
        for month in np.unique(months):
            rows = np.flatnonzero(months == month)
            first = int(month.astype("datetime64[m]").astype(np.int64))
            last = int((month + 1).astype("datetime64[m]").astype(np.int64)) - 1
            runs = (self.kind == DEMAND) & (self.started <= first) & (self.ended >= last)
            if runs.any():
                chosen[rows] = choose(rng, self.weight * runs, len(rows))
        return chosen


def make_campaigns(recipe: Recipe, streams: Streams, people: People, deals: int) -> Campaigns:
    """Make demand campaigns, half of them always on, and a few for the brand and promotions."""
    rng = streams.of("campaigns")
    demand = max(8, round(18 * np.sqrt(deals / 12_000)))
    others = max(2, demand // 6)
    quarters = np.unique(quarter_starts(np.arange(*_days(recipe)), 1))
    kind = np.repeat([DEMAND, BRAND, PROMOTION], [demand, others, len(quarters)])
    started, ended = _spans(recipe, rng, kind, quarters)
    always = ended // MINUTES_A_DAY > day_number(recipe.last_on) + 400
    channel = np.where(kind == DEMAND, np.arange(len(kind)) % 5, rng.integers(0, 6, len(kind)))
    family = rng.integers(0, len(FAMILIES), len(kind))
    family[kind == PROMOTION] = 1 + np.arange(len(quarters)) % (len(FAMILIES) - 1)
    return Campaigns(
        names=_names(kind, channel, family, started),
        owner=_owners(rng, people, kind, family),
        channel=channel,
        kind=kind,
        family=family,
        started=started,
        ended=ended,
        weight=rng.uniform(0.7, 1.3, len(kind)) * np.where(always, 1.0, 1.4),
        acceptance=rng.normal(0.0, recipe.styles.campaign_acceptance, len(kind)),
    )


def campaigns_table(campaigns: Campaigns, ends: int, budget: Ints, spend: Ints) -> Columns:
    """Return the campaigns with what was planned and spent, in cents; ends to come are null."""
    every = np.arange(campaigns.size)
    return {
        "campaign_id": campaign_ids(every),
        "name": words(campaigns.names, every),
        "owner_id": person_ids(campaigns.owner),
        "channel": words(CHANNELS, campaigns.channel),
        "kind": words(KINDS, campaigns.kind),
        "product_family": words(FAMILIES, campaigns.family),
        "started_at": instants(campaigns.started),
        "ended_at": instants(np.where(campaigns.ended < ends, campaigns.ended, NONE)),
        "budget": money(budget),
        "spend": money(spend),
    }


def campaign_ids(campaigns: Ints) -> pa.Array:
    """Write campaigns as their ids."""
    return ids("C", np.where(campaigns < 0, NONE, campaigns + 1), WIDTH)


def _spans(
    recipe: Recipe, rng: np.random.Generator, kind: Ints, quarters: Ints
) -> tuple[Ints, Ints]:
    """Run every other demand campaign always, others half a year, and a promotion a quarter."""
    start, end = _days(recipe)
    months = np.array([day for day in range(start, end) if day_of(day).day == 1])
    size = len(kind)
    always = (kind == DEMAND) & (np.arange(size) % 2 == 0)
    begun = np.where(always, start - 90, months[rng.integers(0, max(1, len(months) - 6), size)])
    begun[kind == PROMOTION] = quarters
    over = np.where(always, NEVER, begun + np.where(kind == PROMOTION, 88, 184))
    return begun * MINUTES_A_DAY, over * MINUTES_A_DAY - 1


def _days(recipe: Recipe) -> tuple[int, int]:
    return day_number(recipe.first_on), day_number(recipe.last_on) + 1


def _owners(rng: np.random.Generator, people: People, kind: Ints, family: Ints) -> Ints:
    demand = people.with_role(DEMAND_MARKETER)
    product = people.with_role(PRODUCT_MARKETER)
    drawn = demand[rng.integers(0, len(demand), len(kind))]
    return np.where(kind == DEMAND, drawn, product[family % len(product)])


def _names(kind: Ints, channel: Ints, family: Ints, started: Ints) -> list[str]:
    named = []
    for at in range(len(kind)):
        theme = _THEMES[(at * 5 + int(channel[at])) % len(_THEMES)]
        year = max(day_of(int(started[at]) // MINUTES_A_DAY).year, 2000)
        what = {BRAND: "brand", DEMAND: CHANNELS[channel[at]], PROMOTION: "trade offer"}[
            int(kind[at])
        ]
        named.append(f"{theme} {FAMILIES[family[at]]} {what} {year}-{at + 1}")
    return named
