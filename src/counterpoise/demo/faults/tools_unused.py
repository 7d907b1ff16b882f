"""A tool that fits and that sellers stopped using."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.planting.fault import Act, Casting, Fault, Side, Subject
from counterpoise.demo.planting.subjects import pick
from counterpoise.demo.stage import Stage
from counterpoise.demo.tool_uses import ToolUses
from counterpoise.demo.tools import BATTLE_CARD
from counterpoise.demo.tools import WIDTH as TOOL_WIDTH
from counterpoise.demo.worktime import MINUTES_A_DAY


def cast(casting: Casting) -> Subject:
    """Draw a calculator or a case study: what fits many deals."""
    tools = casting.world.tools
    wide = np.flatnonzero(tools.kind != BATTLE_CARD)
    return pick(
        casting, wide, lambda at: Subject("tool", f"T{at + 1:0{TOOL_WIDTH}d}", tools.titles[at], at)
    )


def ignore(act: Act, uses: ToolUses) -> None:
    """Take a share of its uses away."""
    rows = (uses.tool == act.plant.subject.at) & (uses.used // MINUTES_A_DAY >= act.plant.since)
    gone = rows & (act.rng.random(len(rows)) < act.plant.strength)
    uses.deal, uses.tool, uses.used = uses.deal[~gone], uses.tool[~gone], uses.used[~gone]
    act.plant.count(int(gone.sum()))


FAULT = Fault(
    kind="tools_unused",
    side=Side.SALES,
    variants=("tool",),
    says="a tool that fits is left in the drawer",
    strength=0.95,
    strength_is="share of its uses that do not happen",
    cast=cast,
    hooks={Stage.USED: ignore},
)
