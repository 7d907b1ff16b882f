"""Whose a touch is: a visitor's earlier touches join the lead when it becomes known.

A touch that names a lead is that lead's. A touch that names only a visitor is of the lead as which
that visitor became known next; after the last time, of the last. A visitor becomes known as a lead
with the first touch that names both.

Touches that name a lead are added up once, and those that joined one are written down once, for all
measures to read. What a touch is, its channel and its campaign, is told by the number of its point.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from counterpoise.books.facts import View
from counterpoise.books.visitors import joined as joined_touches
from counterpoise.books.visitors import known_spans


@dataclass(frozen=True)
class Touched:
    """The touches seen by the as-of day, and whose they are.

    Attributes:
        rows: Grain: a touch, as it is written.
        points: What touches are. Grain: `channel` × `campaign_id`. `point`, their number in the
            order of these words, and how many `touches` there are, how many of them `named` a lead
            and how many are of `strangers`, who name neither a lead nor an account.
        named: Touches that name a lead, added up. Grain: `visitor_id` × `lead_id` × `account_id`,
            NULL included. `first_at` and `touches`.
        spans: As `known_spans` gives them.
        joined: Touches whose visitor alone tells the lead. Grain: a touch. `lead_id`, `touched_at`,
            `point`.
        of_accounts: Touches that name an account, and of which nobody knows the lead.
    """

    rows: ir.Table
    points: ir.Table
    named: ir.Table
    spans: ir.Table
    joined: ir.Table
    of_accounts: ir.Table

    def of_leads(self, leads: ir.Table) -> ir.Table:
        """Return the touches of some leads, those that joined them among them.

        Args:
            leads: A row a lead or more, named `of_lead`; further columns stay beside each touch.

        Returns:
            Grain: touch × row of `leads`. `touched_at`, `point` and the columns of `leads`.
        """
        named = self.rows.inner_join(leads, [("lead_id", "of_lead")])
        named = with_points(named.drop("visitor_id", "account_id"), self.points)
        joined = self.joined.inner_join(leads, [("lead_id", "of_lead")])
        of_lead = {"of_lead": "lead_id"}
        rest = [name for name in leads.columns if name != "of_lead"]
        columns = ("touched_at", "point", *rest)
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
        rows, points = self.rows, self.points
        at_account = rows.filter(rows.lead_id.isnull() & rows.account_id.notnull())
        counted = at_account.group_by("account_id").aggregate(
            lead_id=ibis.null("string"),
            first_at=at_account.touched_at.min(),
            touches=at_account.count(),
        )
        columns = counted.columns
        strangers = points.aggregate(touches=points.strangers.sum().cast("int64").fill_null(0))
        strangers = strangers.mutate(
            account_id=ibis.null("string"),
            lead_id=ibis.null("string"),
            first_at=ibis.null(counted.first_at.type()),
        )
        return counted.union(strangers.select(*columns)).union(self.named.select(*columns))

    def by_campaign(self) -> ir.Table:
        """Count touches by campaign.

        Grain: `campaign_id`. `touches`; `known`, those of a lead; `joined`, those of them that
        joined their lead when its visitor became known.
        """
        joined = self.joined.group_by(joined_point="point").aggregate(joined=ibis._.count())
        both = self.points.left_join(joined, [("point", "joined_point")])
        both = both.mutate(joined=both.joined.fill_null(0))
        sums = both.group_by("campaign_id").aggregate(
            **{name: both[name].sum().cast("int64") for name in ("touches", "named", "joined")}
        )
        return sums.select(
            "campaign_id", "touches", known=sums.named + sums.joined, joined="joined"
        )


def touches_known(view: View) -> Touched:
    """Tell whose the touches seen by the as-of day are, and keep that."""
    books, rows = view.books, seen_touches(view)
    points = books.keep(points_of(rows), "points")
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
    joined = with_points(joined_touches(rows, spans), points)
    at_account = rows.filter(rows.lead_id.isnull() & rows.account_id.notnull())
    at_account = at_account.anti_join(spans, [("visitor_id", "known_visitor")])
    at_account = with_points(at_account, points).select("touched_at", "point", "account_id")
    return Touched(
        rows,
        points,
        named,
        spans,
        joined=books.keep(
            joined.select("touched_at", "point", lead_id="known_lead"), "joined_touches"
        ),
        of_accounts=books.keep(at_account, "account_touches"),
    )


def points_of(rows: ir.Table) -> ir.Table:
    """Tell what touches are, as `Touched.points` has it."""
    is_stranger = rows.lead_id.isnull() & rows.account_id.isnull()
    sums = rows.group_by("channel", "campaign_id").aggregate(
        touches=rows.count(),
        named=rows.lead_id.count(),
        strangers=is_stranger.cast("int32").sum().cast("int64"),
    )
    order = ibis.window(order_by=["channel", "campaign_id"])
    return sums.mutate(point=ibis.row_number().over(order).cast("int32"))


def with_points(rows: ir.Table, points: ir.Table) -> ir.Table:
    """Add the number of its point to each touch; blank words stand for none."""
    told = points.select(
        "point",
        point_channel=points.channel.fill_null(""),
        point_campaign=points.campaign_id.fill_null(""),
    )
    same = [
        rows.channel.fill_null("") == told.point_channel,
        rows.campaign_id.fill_null("") == told.point_campaign,
    ]
    return rows.inner_join(told, same).drop("point_channel", "point_campaign")


def seen_touches(view: View) -> ir.Table:
    """Return what measures read of the touches seen by the as-of day. Grain: a touch."""
    touches = view.seen(view.books.table("touches"), "touched_at")
    names = ("touched_at", "channel", "campaign_id", "visitor_id", "lead_id", "account_id")
    return touches.select(*names)
