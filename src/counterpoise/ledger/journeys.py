"""Journeys: the touches that led to a deal, or to a lead that sales rejected, in their order.

A deal's touches are those of its leads, whenever they were, and those of its account that belong
to no lead, while the deal was open; none after its closing. A journey ends won or lost, or is
open; one that was cancelled is none.
"""

from __future__ import annotations

import datetime as dt

import ibis
import ibis.expr.types as ir

from counterpoise.books.facts import View
from counterpoise.ledger.touched import Touched

HALF_LIFE_DAYS = 30
"""Days after which a touch weighs half as much, where time decays."""

_LN2_A_SECOND = 0.6931471805599453 / (HALF_LIFE_DAYS * 86_400)
_REFERENCE = dt.datetime(2020, 1, 1)
"""Any instant will do: what counts is how far touches lie apart, for up to eighty years."""

STEP_COLUMNS = ("journey", "is_won", "touched_at", "point")
"""The columns of steps."""


def leads_of_deals(view: View) -> ir.Table:
    """Return each lead that became a deal, whichever of the two names the other.

    Grain: deal × lead. Columns `deal_id` and `lead_id`.
    """
    books = view.books
    deals, leads = books.table("deals"), books.table("leads")
    named = deals.filter(deals.lead_id.notnull()).select("deal_id", "lead_id")
    naming = leads.filter(leads.deal_id.notnull()).select("deal_id", "lead_id")
    return named.union(naming).distinct()


def journeys_of(deals: ir.Table) -> ir.Table:
    """Number the journeys of deals, from 1 in the order of their ids.

    Args:
        deals: One row a deal, as of then, with `outcome`, `account_id`, `created_at`, `closed_at`.

    Returns:
        Grain: a deal. These columns, `journey`, and `is_won`, NULL where it is neither won nor
        lost.
    """
    found = deals.select("deal_id", "outcome", "account_id", "created_at", "closed_at")
    nothing = ibis.null("boolean")
    return found.mutate(
        journey=(ibis.row_number().over(order_by="deal_id") + 1).cast("int32"),
        is_won=ibis.cases(
            (found.outcome == "won", True), (found.outcome == "lost", False), else_=nothing
        ),
    )


def steps_of(view: View, journeys: ir.Table, touched: Touched) -> ir.Table:
    """Return the touches of each journey up to its end.

    Journeys are deals, and leads that sales rejected and that became no deal: lost at the verdict.
    The numbers of these are negative.

    Args:
        view: The books as of a day.
        journeys: As `journeys_of` gives them.
        touched: As `touches_known` gives them.

    Returns:
        Grain: journey × touch. Columns `STEP_COLUMNS`.
    """
    leads = view.books.keep(_leads_on_the_way(view, journeys), "journey_leads")
    found = touched.of_leads(leads)
    of_leads = found.filter(found.ended.isnull() | (found.touched_at <= found.ended))
    at_account = touched.of_accounts
    deals = journeys.rename(of_account="account_id")
    while_open = at_account.inner_join(
        deals,
        [
            at_account.account_id == deals.of_account,
            at_account.touched_at >= deals.created_at,
            deals.closed_at.isnull() | (at_account.touched_at <= deals.closed_at),
        ],
    )
    return of_leads.select(*STEP_COLUMNS).union(while_open.select(*STEP_COLUMNS))


def _leads_on_the_way(view: View, journeys: ir.Table) -> ir.Table:
    """Return the leads of journeys. Grain: journey × lead.

    Columns: `of_lead`, `journey`, `is_won` and when it `ended`.
    """
    became = leads_of_deals(view)
    of_deals = became.inner_join(journeys, "deal_id").select(
        "journey", "is_won", of_lead="lead_id", ended="closed_at"
    )
    leads = view.books.table("leads")
    judged = leads.verdict_at.isnull() | (leads.verdict_at < view.end)
    rejected = leads.filter(leads.verdict == "rejected", judged).anti_join(became, "lead_id")
    number = ibis.row_number().over(order_by=rejected.lead_id) + 1
    of_leads = rejected.select(
        journey=(-number).cast("int32"),
        is_won=ibis.literal(False),
        of_lead="lead_id",
        ended="verdict_at",
    )
    return of_deals.union(of_leads)


def placed(steps: ir.Table) -> ir.Table:
    """Put the touches of each journey in the order of time; of the same instant by their words.

    Returns:
        The same rows with `place` (from 1), the `length` of the journey, the point of the touch
        `before`, and `decayed`, the share of each touch where its weight doubles with every
        `HALF_LIFE_DAYS`.
    """
    order = ibis.window(group_by="journey", order_by=["touched_at", "point"])
    whole = ibis.window(group_by="journey")
    since = steps.touched_at.epoch_seconds() - ibis.literal(_REFERENCE).epoch_seconds()
    steps = steps.mutate(weight=(since.cast("float64") * _LN2_A_SECOND).exp())
    return steps.mutate(
        place=(ibis.row_number().over(order) + 1).cast("int64"),
        length=steps.count().over(whole).cast("int64"),
        decayed=steps.weight / steps.weight.sum().over(whole),
        before=steps.point.lag().over(order),
    ).drop("weight")
