"""Whose a touch is: a visitor's earlier touches join the lead when it becomes known.

A touch that names a lead is that lead's. A touch that names only a visitor is of the lead as which
that visitor became known next; after the last time, of the last. A visitor becomes known as a lead
with the first touch that names both.

Touches that name a lead are added up once, and those that joined one are written down once, for all
measures to read.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from counterpoise.books.facts import View
from counterpoise.books.visitors import joined as joined_touches
from counterpoise.books.visitors import known_spans

_NONE = ibis.literal(0).cast("int64")


@dataclass(frozen=True)
class Touched:
    """The touches seen by the as-of day, and whose they are.

    Attributes:
        rows: Grain: a touch, as it is written.
        named: Touches that name a lead, added up. Grain: `visitor_id` × `lead_id` × `account_id`,
            NULL included. `first_at` and `touches`.
        spans: As `known_spans` gives them.
        joined: Touches whose visitor alone tells the lead. Grain: a touch. `lead_id`, `touched_at`,
            `channel` and `campaign_id`.
        of_accounts: Touches that name an account, and of which nobody knows the lead.
    """

    rows: ir.Table
    named: ir.Table
    spans: ir.Table
    joined: ir.Table
    of_accounts: ir.Table

    def of_leads(self, leads: ir.Table) -> ir.Table:
        """Return the touches of some leads, those that joined them among them.

        Args:
            leads: A row a lead or more, named `of_lead`; further columns stay beside each touch.

        Returns:
            Grain: touch × row of `leads`. `touched_at`, `channel`, `campaign_id` and the columns
            of `leads`.
        """
        named = self.rows.inner_join(leads, [("lead_id", "of_lead")])
        joined = self.joined.inner_join(leads, [("lead_id", "of_lead")])
        of_lead = {"of_lead": "lead_id"}
        rest = [name for name in leads.columns if name != "of_lead"]
        columns = ("touched_at", "channel", "campaign_id", *rest)
        return named.select(*columns, **of_lead).union(joined.select(*columns, **of_lead))

    def first_of_leads(self) -> ir.Table:
        """Return when each lead was first touched. Grain: `touched_lead`. Column `touched_at`."""
        named, joined = self.named, self.joined
        both = named.select(touched_lead="lead_id", touched_at="first_at").union(
            joined.select(touched_lead="lead_id", touched_at="touched_at")
        )
        return both.group_by("touched_lead").aggregate(touched_at=both.touched_at.min())

    def by_account(self) -> ir.Table:
        """Add touches up as they are written, without what a visitor tells.

        Grain: `account_id` × `lead_id`, NULL included. `first_at` and `touches`; several rows add
        up.
        """
        alone = self.rows.filter(self.rows.lead_id.isnull())
        counted = alone.group_by("account_id", "lead_id").aggregate(
            first_at=alone.touched_at.min(), touches=alone.count()
        )
        return counted.union(self.named.select(*counted.columns))

    def by_campaign(self) -> ir.Table:
        """Count touches by campaign.

        Grain: `campaign_id`. `touches`; `known`, those of a lead; `joined`, those of them that
        joined their lead when its visitor became known.
        """
        rows, joined = self.rows, self.joined
        parts = [
            rows.group_by("campaign_id").aggregate(
                touches=rows.count(), named=rows.lead_id.count(), joined=_NONE
            ),
            joined.group_by("campaign_id").aggregate(
                touches=_NONE, named=_NONE, joined=joined.count()
            ),
        ]
        both = parts[0].union(parts[1])
        sums = both.group_by("campaign_id").aggregate(
            **{name: both[name].sum().cast("int64") for name in ("touches", "named", "joined")}
        )
        return sums.select(
            "campaign_id", "touches", known=sums.named + sums.joined, joined="joined"
        )


def touches_known(view: View) -> Touched:
    """Tell whose the touches seen by the as-of day are, and keep that."""
    books, rows = view.books, seen_touches(view)
    of_lead = rows.filter(rows.lead_id.notnull())
    sums = of_lead.group_by("visitor_id", "lead_id", "account_id").aggregate(
        first_at=of_lead.touched_at.min(), touches=of_lead.count()
    )
    named = books.keep(sums, "named_touches")
    both = named.filter(named.visitor_id.notnull())
    known = both.group_by(known_visitor=both.visitor_id, known_lead=both.lead_id).aggregate(
        known_at=both.first_at.min()
    )
    spans = books.keep(known_spans(known), "known_visitors")
    joined = joined_touches(rows, spans).select(
        "touched_at", "channel", "campaign_id", lead_id="known_lead"
    )
    at_account = rows.filter(rows.lead_id.isnull() & rows.account_id.notnull())
    at_account = at_account.anti_join(spans, [("visitor_id", "known_visitor")])
    return Touched(
        rows,
        named,
        spans,
        joined=books.keep(joined, "joined_touches"),
        of_accounts=books.keep(
            at_account.select("touched_at", "channel", "campaign_id", "account_id"),
            "account_touches",
        ),
    )


def seen_touches(view: View) -> ir.Table:
    """Return what measures read of the touches seen by the as-of day. Grain: a touch."""
    touches = view.seen(view.books.table("touches"), "touched_at")
    names = ("touched_at", "channel", "campaign_id", "visitor_id", "lead_id", "account_id")
    return touches.select(*names)
