"""Which seller used which tool on which deal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from counterpoise.demo.arrays import NONE, Ints
from counterpoise.demo.columns import instants
from counterpoise.demo.deal_tables import deal_ids
from counterpoise.demo.deals import Deals
from counterpoise.demo.export import Columns
from counterpoise.demo.people import person_ids
from counterpoise.demo.tools import tool_ids
from counterpoise.demo.world import World

# How often a tool that fits is used: battle card, calculator, case study.
OFTEN = (0.35, 0.20, 0.25)


@dataclass
class ToolUses:
    """Uses by position: the deal in its batch, the tool, the minute."""

    deal: Ints
    tool: Ints
    used: Ints


def use_tools(world: World, deals: Deals, rng: np.random.Generator) -> ToolUses:
    """Let sellers take what fits the competitor, the family and the persona."""
    tools = world.tools
    fitting = (
        tools.card(deals.competitor, deals.main_family),
        tools.calculator(deals.main_family),
        tools.case_study(deals.persona),
    )
    deal, tool = [], []
    for share, fits in zip(OFTEN, fitting, strict=True):
        rows = np.flatnonzero((rng.random(deals.size) < share) & (fits != NONE))
        deal.append(rows)
        tool.append(fits[rows])
    taken, which = np.concatenate(deal), np.concatenate(tool)
    low = world.work.position(deals.created[taken])
    high = world.work.position(deals.closed[taken])
    wanted = low + (rng.uniform(0.02, 0.95, len(taken)) * (high - low)).astype(np.int64)
    used = world.work.at(wanted)
    order = np.argsort(taken, kind="stable")
    return ToolUses(taken[order], which[order], used[order])


def tool_uses_table(world: World, deals: Deals, uses: ToolUses) -> Columns:
    """Return the uses up to the last day."""
    seen = np.flatnonzero(uses.used < world.ends)
    deal = uses.deal[seen]
    return {
        "tool_id": tool_ids(uses.tool[seen]),
        "used_at": instants(uses.used[seen]),
        "deal_id": deal_ids(deals.number[deal]),
        "person_id": person_ids(deals.owner[deal]),
    }
