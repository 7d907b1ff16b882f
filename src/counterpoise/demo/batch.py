"""One batch of deals from pursuit to export, with its leads and all that hangs on them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from counterpoise.demo.adjustments import adjustments_table
from counterpoise.demo.asking import ask
from counterpoise.demo.customizations import (
    customization_approvals,
    customizations_table,
    customize,
)
from counterpoise.demo.deal_tables import (
    deal_ids,
    deals_table,
    discount_approvals,
    lines_table,
)
from counterpoise.demo.deals import Deals
from counterpoise.demo.export import Columns, Export
from counterpoise.demo.leads import Leads, find, lead, lead_numbers, leads_table, unlink
from counterpoise.demo.offers import offer, offers_table, put_prices
from counterpoise.demo.outcomes import chance, settle, weigh
from counterpoise.demo.quotes import quote
from counterpoise.demo.rates import have_in_mind, round_off
from counterpoise.demo.stage import Planting, Stage
from counterpoise.demo.tally import Tally
from counterpoise.demo.tool_uses import tool_uses_table, use_tools
from counterpoise.demo.touches import touches_table
from counterpoise.demo.world import World


@dataclass
class Numbers:
    """How many rows of each table stand already, so that ids go on."""

    counted: Counter[str] = field(default_factory=Counter)

    def next(self, table: str) -> int:
        """Return the number of the next row."""
        return self.counted[table] + 1

    def add(self, export: Export, table: str, columns: Columns) -> None:
        """Write rows and count them."""
        size = len(next(iter(columns.values())))
        if size:
            export.add(table.partition(":")[0], columns)
        self.counted[table] += size


def live(world: World, planting: Planting, deals: Deals) -> Leads:
    """Let a batch of deals happen, from the leads behind them to their outcome."""
    rng = _streams(world, deals)
    quote(world, deals, rng("quotes"))
    planting.run(Stage.QUOTED, world, deals)
    leads = lead(world, deals, rng("leads"), 0)
    planting.run(Stage.LED, world, leads)
    unlink(deals, leads)
    find(world, deals, leads, rng("lead accounts"))
    leads.date(world)
    have_in_mind(world, deals, rng("rates"))
    planting.run(Stage.RATED, world, deals)
    round_off(world, deals, rng("rounding"))
    planting.run(Stage.ROUNDED, world, deals)
    ask(world, deals, rng("asking"))
    planting.run(Stage.ASKED, world, deals)
    weigh(world, deals)
    planting.run(Stage.CHANCED, world, deals)
    settle(world, deals, rng("outcomes"))
    offer(world, deals, rng("offers"))
    planting.run(Stage.OFFERED, world, deals)
    planting.run(Stage.SETTLED, world, deals)
    put_prices(world, deals)
    return leads


def write(world: World, deals: Deals, leads: Leads, export: Export, numbers: Numbers) -> None:
    """Write a batch's deals, leads, offers, approvals and adjustments."""
    rng = _streams(world, deals)
    leads.first = numbers.next("leads") - 1
    reasons = rng("loss reasons")
    numbers.add(export, "deals", deals_table(world, deals, lead_numbers(deals, leads), reasons))
    numbers.add(export, "deal_lines", lines_table(deals))
    numbers.add(export, "offers", offers_table(world, deals, numbers.next("offers")))
    approvals = discount_approvals(world, deals, numbers.next("approvals:discount"))
    numbers.add(export, "approvals:discount", approvals)
    numbers.add(export, "leads", leads_table(world, deals, leads))
    adjusted = adjustments_table(world, deals, rng("adjustments"), numbers.next("adjustments"))
    numbers.add(export, "adjustments", adjusted)


def write_extras(
    world: World,
    planting: Planting,
    deals: Deals,
    leads: Leads,
    out: tuple[Export, Numbers, Tally],
) -> None:
    """Write a batch's customizations, tool uses and touches, and add everything up."""
    export, numbers, tally = out
    rng = _streams(world, deals)
    made = customize(world, deals, rng("customizations"))
    planting.run(Stage.CUSTOMIZED, world, made)
    at = numbers.next("customizations")
    numbers.add(export, "customizations", customizations_table(world, deals, made, at))
    at = numbers.next("approvals:customization")
    approved = customization_approvals(world, deals, made, at)
    numbers.add(export, "approvals:customization", approved)
    uses = use_tools(world, deals, rng("tool uses"))
    planting.run(Stage.USED, world, uses)
    numbers.add(export, "tool_uses", tool_uses_table(world, deals, uses))
    touches, cost = touches_table(world, leads, rng("touches"), numbers.next("touches"))
    numbers.add(export, "touches", touches)
    tally.add_deals(world, deals)
    tally.add_customizations(deals, made, world.ends)
    tally.add_leads(leads, world.ends)
    tally.campaign_cost += cost


def true_chances(world: World, deals: Deals) -> pa.Table:
    """Return each deal's true log-odds at list, its rate, and its chance of winning."""
    return pa.table(
        {
            "deal_id": deal_ids(deals.number),
            "log_odds_at_list": deals.odds,
            "rate": deals.rate / 1_000_000,
            "chance": chance(world, deals),
            "hidden": deals.hidden,
        }
    )


class _Streams:
    def __init__(self, world: World, deals: Deals) -> None:
        self._world = world
        self._piece = deals.first

    def __call__(self, name: str) -> np.random.Generator:
        return self._world.streams.of(name, self._piece)


def _streams(world: World, deals: Deals) -> _Streams:
    return _Streams(world, deals)
