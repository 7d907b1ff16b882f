"""Deals, their lines and approvals of discounts as rows of the export."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from counterpoise.demo.accounts import CURRENCIES, account_ids
from counterpoise.demo.arrays import NONE, Ints, choose
from counterpoise.demo.campaigns import SOURCES, campaign_ids
from counterpoise.demo.columns import ids, instants, money, rates, whole, words
from counterpoise.demo.deals import LOST, OPEN, OUTCOMES, Deals
from counterpoise.demo.export import Columns
from counterpoise.demo.people import LADDER, LEAD, MANAGER, person_ids
from counterpoise.demo.products import FAMILIES, product_ids
from counterpoise.demo.pursuit import KINDS
from counterpoise.demo.quotes import PAYMENTS
from counterpoise.demo.terms import LEAD_GRADE
from counterpoise.demo.tools import COMPETITORS
from counterpoise.demo.world import World

WIDTH = 8
_STAGES = ("Qualify", "Propose", "Negotiate", "Closed Won", "Closed Lost", "Withdrawn")
_REASONS = ("price", "competitor", "no decision", "timing", "not a fit")
VERDICTS = ("approved", "refused")
SUBJECTS = ("discount", "customization")


def deals_table(world: World, deals: Deals, lead_number: Ints, rng: np.random.Generator) -> Columns:
    """Return the deals; amounts equal their lines and are null where no offer is on record."""
    is_open = deals.outcome == OPEN
    stage = np.where(is_open, rng.integers(0, 3, deals.size), deals.outcome + 2)
    lines = deals.lines
    listed = deals.sums(lines.quantity * lines.list_price)
    net = deals.sums(lines.quantity * deals.net_price)
    return {
        "deal_id": deal_ids(deals.number),
        "name": _names(world, deals),
        "account_id": account_ids(deals.account),
        "owner_id": person_ids(deals.owner),
        "lead_id": ids("L", lead_number, WIDTH),
        "campaign_id": campaign_ids(np.where(deals.from_lead, deals.campaign, NONE)),
        "source": words(SOURCES, deals.source),
        "kind": words(KINDS, deals.kind),
        "stage": words(_STAGES, stage),
        "outcome": words(OUTCOMES, deals.outcome),
        "created_at": instants(deals.created),
        "closed_at": instants(np.where(is_open, NONE, deals.closed)),
        "list_amount": money(listed, deals.recorded),
        "net_amount": money(net, deals.recorded),
        "term_months": whole(deals.term_months),
        "payment": words(PAYMENTS, deals.payment),
        "competitor": words(COMPETITORS, deals.competitor),
        "loss_reason": words(_REASONS, _loss_reasons(deals, rng)),
        "currency": words(CURRENCIES, deals.currency),
    }


def lines_table(deals: Deals) -> Columns:
    """Return the lines of deals whose offer is on record."""
    lines = deals.lines
    seen = np.flatnonzero(deals.recorded[lines.deal])
    return {
        "deal_id": deal_ids(deals.number[lines.deal[seen]]),
        "line_no": whole(lines.number[seen]),
        "product_id": product_ids(lines.product[seen]),
        "quantity": whole(lines.quantity[seen]),
        "list_price": money(lines.list_price[seen]),
        "net_price": money(deals.net_price[seen]),
        "unit_cost": money(lines.cost[seen]),
    }


def discount_approvals(world: World, deals: Deals, first_number: int) -> Columns:
    """Return the answered requests for a rate; what is not answered by the last day is not here."""
    rows = np.flatnonzero((deals.asked >= 0) & (deals.decided < world.ends))
    role = np.where(deals.grade[rows] == LEAD_GRADE, LEAD, MANAGER)
    return {
        "approval_id": ids("Q", first_number + np.arange(len(rows)), WIDTH),
        "deal_id": deal_ids(deals.number[rows]),
        "subject": words(SUBJECTS, np.zeros(len(rows), dtype=np.int64)),
        "kind": words(SUBJECTS, np.full(len(rows), NONE)),
        "value": rates(deals.asked_rate[rows]),
        "requested_by": person_ids(deals.owner[rows]),
        "requested_at": instants(deals.asked[rows]),
        "decided_by": person_ids(deals.decider[rows]),
        "decided_role": words(LADDER, role),
        "verdict": words(VERDICTS, deals.refused[rows].astype(np.int64)),
        "decided_at": instants(deals.decided[rows]),
    }


def deal_ids(numbers: Ints) -> pa.Array:
    """Write deals as their ids."""
    return ids("D", numbers, WIDTH)


def _names(world: World, deals: Deals) -> pa.Array:
    """Name each deal after what it is mainly about and for whom."""
    family = words(FAMILIES, deals.main_family)
    firms, at = np.unique(deals.account, return_inverse=True)
    firm = words([world.accounts.names[each] for each in firms.tolist()], at)
    return pc.binary_join_element_wise(family, firm, " for ")


def _loss_reasons(deals: Deals, rng: np.random.Generator) -> Ints:
    reason = choose(rng, np.array([0.28, 0.22, 0.26, 0.16, 0.08]), deals.size)
    reason = np.where((reason == 1) & (deals.competitor == NONE), 2, reason)
    return np.where(deals.outcome == LOST, reason, NONE)
