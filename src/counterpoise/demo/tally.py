"""What happened, added up by quarter and month: what agreement and truth are written from."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from counterpoise.demo.arrays import Floats, Ints
from counterpoise.demo.asking import is_valid
from counterpoise.demo.customizations import LABEL, Customizations
from counterpoise.demo.deals import LOST, WON, Deals
from counterpoise.demo.leads import Leads
from counterpoise.demo.outcomes import chance
from counterpoise.demo.rates import POINT
from counterpoise.demo.terms import MILLION
from counterpoise.demo.worktime import MINUTES_A_DAY, quarter_starts
from counterpoise.demo.world import FISCAL_YEAR_STARTS, World


@dataclass
class Tally:
    """Totals in workspace cents by fiscal quarter, and counts by month, from the first day on."""

    quarters: Ints  # the first day of each
    months: Ints  # months since 1970
    listed: Floats = field(init=False)
    net: Floats = field(init=False)
    conceded: Floats = field(init=False)
    leaked: Floats = field(init=False)
    won: Floats = field(init=False)
    won_inside: Floats = field(init=False)
    lost: Floats = field(init=False)
    labels: Floats = field(init=False)
    promoted: Floats = field(init=False)
    handed: Floats = field(init=False)  # by month
    campaign_cost: Floats = field(init=False)  # by campaign
    point_effect: float = 0.0  # Σ over closed deals of the chance that one more point adds
    closed: int = 0

    def __post_init__(self) -> None:
        """Start every total at nothing."""
        for name in ("listed", "net", "conceded", "leaked", "won", "won_inside", "lost", "labels"):
            setattr(self, name, np.zeros(len(self.quarters)))
        self.promoted = np.zeros(len(self.quarters))
        self.handed = np.zeros(len(self.months))

    def add_deals(self, world: World, deals: Deals) -> None:
        """Add a batch of settled deals."""
        won = np.flatnonzero((deals.outcome == WON) & deals.recorded)
        conceded = np.maximum(deals.list_home - deals.net_home, 0)
        inside = (deals.persona[won] >= 0).astype(np.float64)
        day = deals.day[won]
        self._add(self.listed, day, deals.list_home[won])
        self._add(self.net, day, deals.net_home[won])
        self._add(self.conceded, day, conceded[won])
        over = np.maximum(conceded * MILLION - deals.own * deals.list_home, 0)
        excess = (over + MILLION // 2) // MILLION
        self._add(self.leaked, day, np.where(is_valid(deals), 0, excess)[won])
        self._add(self.won, day, np.ones(len(won)))
        self._add(self.won_inside, day, inside)
        lost = deals.day[deals.outcome == LOST]
        self._add(self.lost, lost, np.ones(len(lost)))
        closed = np.flatnonzero((deals.outcome == WON) | (deals.outcome == LOST))
        step = chance(world, deals, deals.rate + POINT) - chance(world, deals)
        self.point_effect += float(step[closed].sum())
        self.closed += len(closed)

    def add_customizations(self, deals: Deals, made: Customizations, ends: int) -> None:
        """Count the private labels of a batch, by the day on which they were asked for."""
        rows = (made.kind == LABEL) & (made.requested < ends)
        day = made.requested[rows] // MINUTES_A_DAY
        self._add(self.labels, day, np.ones(len(day)))

    def add_leads(self, leads: Leads, ends: int) -> None:
        """Count the hand-overs of a batch by month."""
        handed = leads.handed[leads.qualified_lead & (leads.handed < ends)]
        month = handed.astype("datetime64[m]").astype("datetime64[M]").astype(np.int64)
        at = month - self.months[0]
        at = at[(at >= 0) & (at < len(self.months))]
        self.handed += np.bincount(at, minlength=len(self.months))

    def add_promotions(self, starts: Ints, spend: Ints) -> None:
        """Add what promotions cost, by the day on which they start."""
        self._add(self.promoted, starts, spend)

    def within(self, first: int, last: int) -> Ints:
        """Return the positions of the quarters that start from one day up to another."""
        return np.flatnonzero((self.quarters >= first) & (self.quarters <= last))

    def _add(self, total: Floats, day: Ints, amount: Ints | Floats) -> None:
        at = np.searchsorted(self.quarters, day, side="right") - 1
        seen = at >= 0
        total += np.bincount(at[seen], amount[seen], len(self.quarters))


def make_tally(world: World) -> Tally:
    """Start a tally over the company's span."""
    days = np.arange(world.first, world.last + 1)
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    tally = Tally(np.unique(quarter_starts(days, FISCAL_YEAR_STARTS)), np.unique(months))
    tally.campaign_cost = np.zeros(world.campaigns.size)
    return tally
