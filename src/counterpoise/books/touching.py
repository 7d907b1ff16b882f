"""Which campaigns touched a deal: the rule by which a marketer's deals are known."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.books.visitors import joined, known_spans


def deal_campaigns(books: Books) -> ir.Table:
    """Return the campaigns that touched each deal.

    Grain: deal × campaign. A campaign touched a deal when the deal or one of its leads came from
    it, when it touched one of those leads, or their visitor before that became known, or when it
    touched the deal's account while the deal was open.
    """
    deals = books.table("deals")
    own = deals.select("deal_id", "campaign_id")
    parts = [own]
    if books.has("leads"):
        linked = _leads_of_deals(books)
        parts.append(linked.select("deal_id", "campaign_id"))
        if books.has("touches"):
            touches = books.table("touches").select("lead_id", touched_by="campaign_id")
            direct = linked.inner_join(touches, "lead_id")
            parts.append(direct.select("deal_id", campaign_id="touched_by"))
            parts.append(_by_visitors(books, linked))
    if books.has("touches"):
        parts.append(_while_open(books))
    found = ibis.union(*parts) if len(parts) > 1 else own
    return found.filter(found.campaign_id.notnull()).distinct()


def _leads_of_deals(books: Books) -> ir.Table:
    """Return each lead that became a deal, whichever of the two names the other."""
    deals, leads = books.table("deals"), books.table("leads")
    named = deals.filter(deals.lead_id.notnull()).select("deal_id", "lead_id")
    naming = leads.filter(leads.deal_id.notnull()).select("deal_id", "lead_id")
    pairs = named.union(naming).distinct()
    return pairs.inner_join(leads.select("lead_id", "campaign_id"), "lead_id")


def _by_visitors(books: Books, linked: ir.Table) -> ir.Table:
    """Return the campaigns of touches that joined a deal's lead when its visitor became known."""
    touches = books.table("touches")
    touches = touches.select("touched_at", "campaign_id", "visitor_id", "lead_id")
    both = touches.filter(touches.visitor_id.notnull() & touches.lead_id.notnull())
    known = both.group_by(known_visitor=both.visitor_id, known_lead=both.lead_id).aggregate(
        known_at=both.touched_at.min()
    )
    of_deals = linked.select("deal_id", deal_lead="lead_id")
    spans = known_spans(known).inner_join(of_deals, [("known_lead", "deal_lead")])
    campaigns = touches.filter(touches.campaign_id.notnull())
    return joined(campaigns, spans).select("deal_id", "campaign_id")


def _while_open(books: Books) -> ir.Table:
    deals = books.table("deals").select("deal_id", "account_id", "created_at", "closed_at")
    touches = books.table("touches")
    touches = touches.filter(touches.campaign_id.notnull() & touches.account_id.notnull())
    touches = touches.select("campaign_id", "touched_at", touched_account="account_id")
    met = deals.inner_join(
        touches,
        [
            deals.account_id == touches.touched_account,
            touches.touched_at >= deals.created_at,
            deals.closed_at.isnull() | (touches.touched_at <= deals.closed_at),
        ],
    )
    return met.select("deal_id", "campaign_id")
