"""What is tailored for a customer, what it costs, and who allowed it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from counterpoise.demo.arrays import NONE, Flags, Ints
from counterpoise.demo.columns import ids, instants, money, rates, words
from counterpoise.demo.deal_tables import SUBJECTS, VERDICTS, deal_ids
from counterpoise.demo.deals import Deals
from counterpoise.demo.export import Columns
from counterpoise.demo.people import (
    LADDER,
    MANAGER,
    PRODUCT_MARKETER,
    person_ids,
)
from counterpoise.demo.terms import MILLION
from counterpoise.demo.worktime import MINUTES_A_DAY
from counterpoise.demo.world import World

WIDTH = 7
KINDS = ("private_label", "special_finish", "bespoke_build")
LABEL, FINISH, BESPOKE = range(3)
LABEL_FROM = 2_000_000  # cents at list
# What a rep may allow alone, and what the approver may, in whole units.
ALONE = {LABEL: 1_000, FINISH: 800}
AT_MOST = {LABEL: 5_000, FINISH: 3_000}
_SHARE = 0.05


@dataclass
class Customizations:
    """Customizations by position, cost in cents of workspace currency."""

    first: int
    deals: Deals
    deal: Ints
    kind: Ints
    cost: Ints
    requested: Ints
    approved: Flags  # an approval is on record
    decided: Ints

    def add(self, deal: Ints, kind: Ints, cost: Ints, requested: Ints) -> None:
        """Add customizations that nobody approved."""
        self.deal = np.r_[self.deal, deal]
        self.kind = np.r_[self.kind, kind]
        self.cost = np.r_[self.cost, cost]
        self.requested = np.r_[self.requested, requested]
        self.approved = np.r_[self.approved, np.zeros(len(deal), dtype=bool)]
        self.decided = np.r_[self.decided, np.full(len(deal), NONE)]


def customize(world: World, deals: Deals, rng: np.random.Generator) -> Customizations:
    """Tailor one deal in twenty, within limits or with the approval that they ask for."""
    worth = deals.list_home >= 600_000
    deal = np.flatnonzero((rng.random(deals.size) < _SHARE) & worth)
    size = len(deal)
    kind = np.where(rng.random(size) < 0.5, LABEL, FINISH)
    kind = np.where(deals.list_home[deal] < LABEL_FROM, FINISH, kind)
    low = np.where(kind == LABEL, 300, 150)
    high = np.where(kind == LABEL, 0.9 * AT_MOST[LABEL], 0.9 * AT_MOST[FINISH])
    cost = (np.exp(rng.uniform(np.log(low), np.log(high))) * 0.2).astype(np.int64) * 500
    alone = np.where(kind == LABEL, ALONE[LABEL], ALONE[FINISH]) * 100
    requested, decided = _dates(world, deals, deal, rng)
    return Customizations(deals.first, deals, deal, kind, cost, requested, cost > alone, decided)


def customizations_table(
    world: World, deals: Deals, made: Customizations, first_number: int
) -> Columns:
    """Return the customizations requested up to the last day."""
    rows = np.flatnonzero(made.requested < world.ends)
    deal = made.deal[rows]
    return {
        "customization_id": ids("Z", first_number + np.arange(len(rows)), WIDTH),
        "deal_id": deal_ids(deals.number[deal]),
        "kind": words(KINDS, made.kind[rows]),
        "cost": money(_foreign(deals, deal, made.cost[rows])),
        "requested_at": instants(made.requested[rows]),
        "requested_by": person_ids(deals.owner[deal]),
    }


def customization_approvals(
    world: World, deals: Deals, made: Customizations, first_number: int
) -> Columns:
    """Return the approvals of customizations given up to the last day."""
    rows = np.flatnonzero(made.approved & (made.decided < world.ends))
    deal, kind = made.deal[rows], made.kind[rows]
    decider, role = _deciders(world, deals, deal, made.decided[rows], kind)
    none = np.zeros(len(rows), dtype=np.int64)
    return {
        "approval_id": ids("QC", first_number + np.arange(len(rows)), WIDTH),
        "deal_id": deal_ids(deals.number[deal]),
        "subject": words(SUBJECTS, none + 1),
        "kind": words(KINDS, kind),
        "value": rates(_foreign(deals, deal, made.cost[rows]) * 10_000),
        "requested_by": person_ids(deals.owner[deal]),
        "requested_at": instants(made.requested[rows]),
        "decided_by": person_ids(decider),
        "decided_role": words(LADDER, role),
        "verdict": words(VERDICTS, none),
        "decided_at": instants(made.decided[rows]),
    }


def _dates(world: World, deals: Deals, deal: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    created = world.work.position(deals.created[deal])
    closed = world.work.position(deals.closed[deal])
    start = created + (rng.uniform(0.1, 0.6, len(deal)) * (closed - created)).astype(np.int64)
    wait = np.minimum(15 + rng.exponential(120, len(deal)), 470).astype(np.int64)
    return world.work.at(start), world.work.at(np.minimum(start + wait, closed - 10))


def _deciders(
    world: World, deals: Deals, deal: Ints, decided: Ints, kind: Ints
) -> tuple[Ints, Ints]:
    """Labels go to the family's product marketer, finishes to the owner's manager or above."""
    people = world.people
    makers = people.with_role(PRODUCT_MARKETER)
    maker = makers[deals.main_family[deal] % len(makers)]
    owner = deals.owner[deal]
    manager = people.manager_on(owner, decided // MINUTES_A_DAY)
    decider = np.where(kind == FINISH, manager, maker)
    role = np.where(kind == FINISH, MANAGER, PRODUCT_MARKETER)
    return decider, np.where(decider == people.lead, LADDER.index("revenue_lead"), role)


def _foreign(deals: Deals, deal: Ints, cents: Ints) -> Ints:
    """Turn cents of workspace currency into the deal's, down to the cent."""
    return np.asarray(cents * MILLION // deals.exchange[deal], dtype=np.int64)
