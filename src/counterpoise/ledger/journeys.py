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

STEP_COLUMNS = ("journey_id", "is_deal", "outcome", "touched_at", "channel", "campaign_id")
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


def steps_of(view: View, deals: ir.Table, touched: Touched) -> ir.Table:
    """Return the touches of each journey up to its end.

    Journeys are deals, and leads that sales rejected and that became no deal: lost at the verdict.

    Args:
        view: The books as of a day.
        deals: One row a deal, as of then, with `outcome`, `account_id`, `created_at`, `closed_at`.
        touched: As `touches_known` gives them.

    Returns:
        Grain: journey × touch. Columns `STEP_COLUMNS`; the journey is a deal where `is_deal`.
    """
    facts = deals.select("deal_id", "outcome", "account_id", "created_at", "closed_at")
    leads = view.books.keep(_leads_on_the_way(view, facts), "journey_leads")
    found = touched.of_leads(leads)
    of_leads = found.filter(found.ended.isnull() | (found.touched_at <= found.ended))
    at_account = touched.of_accounts
    facts = facts.rename(of_account="account_id", journey_id="deal_id")
    while_open = at_account.inner_join(
        facts.mutate(is_deal=ibis.literal(True)),
        [
            at_account.account_id == facts.of_account,
            at_account.touched_at >= facts.created_at,
            facts.closed_at.isnull() | (at_account.touched_at <= facts.closed_at),
        ],
    )
    return of_leads.select(*STEP_COLUMNS).union(while_open.select(*STEP_COLUMNS))


def _leads_on_the_way(view: View, facts: ir.Table) -> ir.Table:
    """Return the leads of journeys. Grain: journey × lead.

    Columns: `of_lead`, `journey_id`, `is_deal`, `outcome` and when it `ended`.
    """
    became = leads_of_deals(view)
    own = became.inner_join(facts.drop("account_id", "created_at"), "deal_id")
    of_deals = own.select(
        of_lead="lead_id",
        journey_id="deal_id",
        is_deal=ibis.literal(True),
        outcome="outcome",
        ended="closed_at",
    )
    leads = view.books.table("leads")
    judged = leads.verdict_at.isnull() | (leads.verdict_at < view.end)
    rejected = leads.filter(leads.verdict == "rejected", judged).anti_join(became, "lead_id")
    return of_deals.union(
        rejected.select(
            of_lead="lead_id",
            journey_id="lead_id",
            is_deal=ibis.literal(False),
            outcome=ibis.literal("lost"),
            ended="verdict_at",
        )
    )


def placed(steps: ir.Table) -> ir.Table:
    """Put the touches of each journey in the order of time; of the same instant by their words.

    Returns:
        The same rows with `place` (from 1), the `length` of the journey, the channel and campaign
        of the touch before (`before_…`), and `decayed`, the share of each touch where its weight
        doubles with every `HALF_LIFE_DAYS`.
    """
    words = [ibis._.channel, ibis._.campaign_id.fill_null("")]
    own = ["journey_id", "is_deal"]
    order = ibis.window(group_by=own, order_by=["touched_at", *words])
    whole = ibis.window(group_by=own)
    since = steps.touched_at.epoch_seconds() - ibis.literal(_REFERENCE).epoch_seconds()
    steps = steps.mutate(weight=(since.cast("float64") * _LN2_A_SECOND).exp())
    return steps.mutate(
        place=(ibis.row_number().over(order) + 1).cast("int64"),
        length=steps.count().over(whole).cast("int64"),
        decayed=steps.weight / steps.weight.sum().over(whole),
        before_channel=steps.channel.lag().over(order),
        before_campaign_id=steps.campaign_id.lag().over(order),
    ).drop("weight")
