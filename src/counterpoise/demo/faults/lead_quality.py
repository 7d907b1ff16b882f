"""Leads that sales suddenly has less use for."""

from __future__ import annotations

from counterpoise.demo.leads import ACCEPTED, Leads
from counterpoise.demo.planting.fault import Act, Fault, Side
from counterpoise.demo.planting.subjects import campaign_or_source, leads_of
from counterpoise.demo.stage import Stage


def spoil(act: Act, leads: Leads) -> None:
    """Turn a share of the accepted leads into rejected ones; deals behind them come otherwise."""
    rows = (
        leads_of(act.plant, act.world, leads) & leads.qualified_lead & (leads.verdict == ACCEPTED)
    )
    worse = rows & (act.rng.random(leads.size) < act.plant.strength)
    leads.reject(worse)
    act.plant.count(int(worse.sum()))


FAULT = Fault(
    kind="lead_quality",
    side=Side.MARKETING,
    variants=("campaign", "source"),
    says="acceptance of its leads collapses",
    strength=0.5,
    strength_is="share of leads that would be accepted and are not",
    cast=campaign_or_source,
    hooks={Stage.LED: spoil},
    lasts=181,
)
