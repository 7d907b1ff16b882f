"""As whom a visitor counts: touches before it became known are of the lead that it became.

A visitor becomes known as a lead with the first touch that names both. A touch that names only the
visitor is of the lead as which it became known next; after the last time, of the last.
"""

from __future__ import annotations

import datetime as dt

import ibis
import ibis.expr.types as ir

_EVER = dt.datetime(9999, 12, 31)
_BEFORE = dt.datetime(1, 1, 1)


def known_spans(known: ir.Table) -> ir.Table:
    """Return as whom a visitor's touches count, and when.

    Args:
        known: Grain: `known_visitor` × `known_lead`. `known_at`, the first touch that names both.

    Returns:
        Grain: visitor × lead. `known_visitor`, `known_lead`, and the span of its touches, after
        `known_after` up to `known_until`. Spans of a visitor do not overlap and leave no gap.
    """
    order = ibis.window(group_by="known_visitor", order_by=["known_at", "known_lead"])
    is_last = known.known_at.lead().over(order).isnull()
    return known.select(
        "known_visitor",
        "known_lead",
        known_after=ibis.coalesce(known.known_at.lag().over(order), ibis.literal(_BEFORE)),
        known_until=ibis.ifelse(is_last, ibis.literal(_EVER), known.known_at),
    )


def joined(touches: ir.Table, spans: ir.Table) -> ir.Table:
    """Return the touches whose visitor alone tells the lead, beside the columns of their span.

    Args:
        touches: With `touched_at`, `visitor_id` and `lead_id`.
        spans: As `known_spans` gives them, or some of them with further columns.
    """
    alone = touches.filter(touches.lead_id.isnull() & touches.visitor_id.notnull())
    return alone.inner_join(
        spans,
        [
            alone.visitor_id == spans.known_visitor,
            alone.touched_at > spans.known_after,
            alone.touched_at <= spans.known_until,
        ],
    )
