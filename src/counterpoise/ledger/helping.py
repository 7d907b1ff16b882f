"""Who had a part in a deal beside owning it, and which part: what the books say of it.

It is told to each person of their own deals. Nothing adds it up, and it ranks nobody.
"""

from __future__ import annotations

from enum import StrEnum

import ibis
import ibis.expr.types as ir

from counterpoise.books.facts import View
from counterpoise.ledger.journeys import leads_of_deals


class Helping(StrEnum):
    """How a person helped a deal, in the order in which it is told."""

    CAMPAIGN = "campaign"
    PASSED = "passed"
    LEAD = "lead"
    TOOL_MADE = "tool_made"
    TOOL_USED = "tool_used"
    APPROVED = "approved"
    COUNTERED = "countered"


def helpers(view: View, deals: ir.Table) -> ir.Table:
    """Return who helped which deal of those known by the as-of day, campaigns apart.

    Args:
        view: The books as of a day.
        deals: One row a deal as of then, with `deal_id` and `owner_id`.

    Returns:
        Grain: `person_id` × `deal_id` × `helped` (`Helping`), each once; nobody helps a deal of
        their own.
    """
    found = ibis.union(*(part.select("person_id", "deal_id", "helped") for part in _parts(view)))
    owned = deals.select(owned_deal="deal_id", owned_by="owner_id")
    beside = found.filter(found.person_id.notnull()).distinct()
    beside = beside.inner_join(owned, [("deal_id", "owned_deal")])
    is_other = ibis.coalesce(beside.owned_by != beside.person_id, ibis.literal(True))
    return beside.filter(is_other).select("person_id", "deal_id", "helped")


def _parts(view: View) -> tuple[ir.Table, ...]:
    books = view.books
    leads = view.seen(books.table("leads"), "created_at").select("lead_id", person_id="owner_id")
    approvals = view.seen(books.table("approvals"), "decided_at")
    uses = view.seen(books.table("tool_uses"), "used_at").filter(ibis._.deal_id.notnull())
    tools = books.table("tools").select(made="tool_id", made_by="owner_id")
    made = uses.select("deal_id", "tool_id").distinct().inner_join(tools, [("tool_id", "made")])
    return (
        _as(Helping.LEAD, leads_of_deals(view).inner_join(leads, "lead_id")),
        _as(Helping.APPROVED, approvals.filter(approvals.verdict == "approved"), "decided_by"),
        _as(Helping.TOOL_USED, uses),
        _as(Helping.TOOL_MADE, made, "made_by"),
    )


def _as(helped: Helping, rows: ir.Table, person: str = "person_id") -> ir.Table:
    return rows.select("deal_id", person_id=person, helped=ibis.literal(helped.value))
