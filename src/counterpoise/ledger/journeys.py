"""Journeys: the touches that led to a deal, or to a lead that sales rejected, in their order.

A deal's touches are those of its leads, whenever they were, and those of its account that belong
to no lead, while the deal was open; none after its closing. A journey ends won or lost, or is
open; one that was cancelled is none.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from counterpoise.books.facts import View

STEP_COLUMNS = ("journey_id", "outcome", "touch_id", "touched_at", "channel", "campaign_id")
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


def steps_of_deals(view: View, deals: ir.Table, touches: ir.Table) -> ir.Table:
    """Return the touches of each deal up to its closing.

    Args:
        view: The books as of a day.
        deals: One row a deal, as of then, with `outcome`, `account_id`, `created_at`, `closed_at`.
        touches: As `touches_known` gives them.

    Returns:
        Grain: deal × touch. Columns `STEP_COLUMNS`; the journey is the deal.
    """
    facts = deals.select("deal_id", "outcome", "account_id", "created_at", "closed_at")
    own = facts.drop("account_id", "created_at").inner_join(leads_of_deals(view), "deal_id")
    own = own.rename(of_lead="lead_id", journey_id="deal_id", ended="closed_at")
    of_leads = touches.inner_join(own, [("lead_id", "of_lead")])
    of_leads = of_leads.filter(of_leads.ended.isnull() | (of_leads.touched_at <= of_leads.ended))
    at_account = touches.filter(touches.lead_id.isnull() & touches.account_id.notnull())
    facts = facts.rename(of_account="account_id", journey_id="deal_id")
    while_open = at_account.inner_join(
        facts,
        [
            at_account.account_id == facts.of_account,
            at_account.touched_at >= facts.created_at,
            facts.closed_at.isnull() | (at_account.touched_at <= facts.closed_at),
        ],
    )
    return of_leads.select(*STEP_COLUMNS).union(while_open.select(*STEP_COLUMNS))


def steps_of_rejected(view: View, touches: ir.Table) -> ir.Table:
    """Return the touches of each lead that sales rejected and that became no deal.

    Returns:
        Grain: lead × touch, up to the verdict. Columns `STEP_COLUMNS`; the journey is the lead, the
        outcome `lost`.
    """
    leads = view.books.table("leads")
    judged = leads.verdict_at.isnull() | (leads.verdict_at < view.end)
    rejected = leads.filter(leads.verdict == "rejected", judged)
    became = leads_of_deals(view)
    rejected = rejected.anti_join(became, "lead_id")
    rejected = rejected.select(journey_id="lead_id", ended="verdict_at")
    found = touches.inner_join(rejected, [("lead_id", "journey_id")])
    found = found.filter(found.ended.isnull() | (found.touched_at <= found.ended))
    return found.mutate(outcome=ibis.literal("lost")).select(*STEP_COLUMNS)
