"""A promotion and a negotiated discount on the same goods at once."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.campaigns import PROMOTION
from counterpoise.demo.deals import WON, Deals
from counterpoise.demo.planting.fault import Act, Casting, Fault, Side, Subject
from counterpoise.demo.planting.subjects import campaign_at, pick
from counterpoise.demo.products import FAMILIES
from counterpoise.demo.stage import Stage
from counterpoise.demo.terms import MILLION
from counterpoise.demo.trade import Promotions
from counterpoise.demo.world import World

_AROUND = 12  # days before and after the deal


def cast(casting: Casting) -> Subject:
    """Draw a promotion of the last three quarters, with its family."""
    campaigns = casting.world.campaigns
    ended = np.flatnonzero((campaigns.kind == PROMOTION) & (campaigns.ended < casting.world.ends))
    return pick(casting, ended[-3:], lambda at: _pair(casting.world, at))


def watch(act: Act, deals: Deals) -> None:
    """Remember deals of the family that closed below list while the campaign ran."""
    campaigns, at = act.world.campaigns, act.plant.subject.at
    here = (deals.main_family == campaigns.family[at]) & (deals.outcome == WON) & (deals.rate > 0)
    here &= (deals.closed >= campaigns.started[at]) & (deals.closed <= campaigns.ended[at])
    rows = np.flatnonzero(here & (act.rng.random(deals.size) < act.plant.strength))
    found = act.plant.notes.setdefault("deals", [])
    found.extend(zip(deals.account[rows].tolist(), deals.day[rows].tolist(), strict=True))
    given = (deals.list_home * deals.rate / MILLION)[rows].sum()
    act.plant.count(len(rows), float(given))


def collide(act: Act, made: Promotions) -> None:
    """Offer a promotion to those very customers at that very time."""
    found = act.plant.notes.get("deals", [])
    account = np.array([row[0] for row in found], dtype=np.int64)
    day = np.array([row[1] for row in found], dtype=np.int64)
    made.add(
        act.plant.subject.at,
        act.world,
        account,
        day - _AROUND,
        np.minimum(day + _AROUND, act.world.last),
    )


def _pair(world: World, at: int) -> Subject:
    subject = campaign_at(world, at)
    family = FAMILIES[world.campaigns.family[at]]
    return Subject("campaign|product_family", f"{subject.id}|{family}", subject.name, at)


FAULT = Fault(
    kind="promotion_collision",
    side=Side.MARKETING,
    variants=("campaign",),
    says="promotes goods that are being discounted by hand at the same time",
    strength=0.8,
    strength_is="share of the family's discounted deals in the campaign that are promoted as well",
    cast=cast,
    hooks={Stage.SETTLED: watch, Stage.TRADED: collide},
    lasts=None,
)
