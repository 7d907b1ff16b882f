"""Hand-overs that jump at the end of the quarter and are worth less."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.leads import ACCEPTED, REJECTED, Leads
from counterpoise.demo.planting.fault import Act, Fault, Side
from counterpoise.demo.planting.subjects import campaign_or_source, leads_of
from counterpoise.demo.quotes import LAST_DAYS
from counterpoise.demo.stage import Stage
from counterpoise.demo.worktime import MINUTES_A_DAY, quarter_ends
from counterpoise.demo.world import FISCAL_YEAR_STARTS

_WORTH_LESS = 0.5


def dump(act: Act, leads: Leads) -> None:
    """Hold a share of the leads back until the quarter's last ten days; fewer are accepted."""
    rows = leads_of(act.plant, act.world, leads) & leads.qualified_lead & (leads.deal < 0)
    ends = quarter_ends(leads.handed_day, FISCAL_YEAR_STARTS) + 1
    low = act.world.work.position((ends - LAST_DAYS) * MINUTES_A_DAY)
    high = act.world.work.position(ends * MINUTES_A_DAY)
    later = act.world.work.at((low + act.rng.random(leads.size) * (high - low)).astype(np.int64))
    held = rows & (later > leads.handed) & (act.rng.random(leads.size) < act.plant.strength)
    leads.handed = np.where(held, later, leads.handed)
    worse = held & (leads.verdict == ACCEPTED) & (act.rng.random(leads.size) < _WORTH_LESS)
    leads.verdict = np.where(worse, REJECTED, leads.verdict)
    act.plant.count(int(held.sum()))


FAULT = Fault(
    kind="lead_dumping",
    side=Side.MARKETING,
    variants=("campaign", "source"),
    says="hands leads over by the heap when the quarter ends",
    strength=0.7,
    strength_is="share of leads that do not become deals held back until a quarter's end",
    cast=campaign_or_source,
    hooks={Stage.LED: dump},
)
