"""Whose a touch is: a visitor's earlier touches join the lead when it becomes known.

A touch that names a lead is that lead's. A touch that names only a visitor is of the lead as which
that visitor became known next; after the last time, of the last. A visitor becomes known as a lead
with the first touch that names both.
"""

from __future__ import annotations

import datetime as dt

import ibis
import ibis.expr.types as ir

from counterpoise.books.facts import View

_EVER = dt.datetime(9999, 12, 31)
_BEFORE = dt.datetime(1, 1, 1)


def touches_known(view: View) -> ir.Table:
    """Return the touches seen by the as-of day with the lead that each belongs to.

    Grain: a touch. Columns `touch_id`, `touched_at`, `channel`, `campaign_id`, `account_id`,
    `lead_id` (NULL where nobody knows whose it is) and `joined` (whether the visitor tells).
    """
    touches = view.seen(view.books.table("touches"), "touched_at")
    spans = known_spans(touches)
    alone = ibis.ifelse(touches.lead_id.isnull(), touches.visitor_id, ibis.null("string"))
    found = touches.left_join(
        spans,
        [
            alone == spans.known_visitor,
            touches.touched_at > spans.known_after,
            touches.touched_at <= spans.known_until,
        ],
    )
    whose = found.mutate(
        of_lead=ibis.coalesce(found.lead_id, found.known_lead), joined=found.known_lead.notnull()
    )
    names = ("touch_id", "touched_at", "channel", "campaign_id", "account_id", "joined")
    return whose.select(*names, lead_id="of_lead")


def known_spans(touches: ir.Table) -> ir.Table:
    """Return as whom a visitor's touches count, and when.

    Grain: visitor × lead. Columns `known_visitor`, `known_lead`, and the span of its touches,
    after `known_after` up to `known_until`. Spans of a visitor do not overlap and leave no gap.
    """
    both = touches.filter(touches.visitor_id.notnull() & touches.lead_id.notnull())
    known = both.group_by(known_visitor=both.visitor_id, known_lead=both.lead_id).aggregate(
        known_at=both.touched_at.min()
    )
    order = ibis.window(group_by="known_visitor", order_by=["known_at", "known_lead"])
    is_last = known.known_at.lead().over(order).isnull()
    return known.select(
        "known_visitor",
        "known_lead",
        known_after=ibis.coalesce(known.known_at.lag().over(order), ibis.literal(_BEFORE)),
        known_until=ibis.ifelse(is_last, ibis.literal(_EVER), known.known_at),
    )
