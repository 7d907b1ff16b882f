"""Leads as the funnel sees them: when each came to which stage, up to the as-of day."""

from __future__ import annotations

from enum import StrEnum

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.versions import Agreements
from counterpoise.books.facts import View, accounts_over_time, people_over_time
from counterpoise.books.money import MONEY, ZERO
from counterpoise.books.schema import Kind
from counterpoise.books.spans import in_span
from counterpoise.ledger.fiscal import month_number_expr
from counterpoise.ledger.fit_reach import persona_of
from counterpoise.ledger.journeys import leads_of_deals
from counterpoise.ledger.touched import Touched


class Stage(StrEnum):
    """The stages of a lead, in their order."""

    LEAD = "lead"
    QUALIFIED = "qualified"
    HANDED_OVER = "handed_over"
    ACCEPTED = "accepted"
    DEAL = "deal"
    WON = "won"


STAGES = tuple(Stage)

_NEVER = ibis.null(Kind.INSTANT.dtype)


def at(stage: Stage) -> str:
    """Return the column of the instant at which a lead came to a stage."""
    return f"{stage}_at"


def is_at(stage: Stage) -> str:
    """Return the column that tells whether a lead came to a stage."""
    return f"is_{stage}"


def funnel_leads(view: View, agreements: Agreements, deals: ir.Table, touched: Touched) -> ir.Table:
    """Return what became of each lead.

    Args:
        view: The books as of a day.
        agreements: The version of the day on which a lead came says which persona it meets.
        deals: One row a deal as of then, as `deal_table` gives them.
        touched: As `touches_known` gives them.

    Returns:
        Grain: a lead known by then. `lead_id`, `owner_id`, `campaign_id`, `source`; `team` of the
        owner and `persona` of the account on the day when it came; `month`, the number of that
        day's month; `touched_at`, its first touch; each stage's `…_at` and `is_…`; `rejected_at`,
        `is_rejected`; `deal_id` and `deal_owner_id` of the deal that it became, `lost_at` and
        `is_lost` of it (lost or cancelled), `net_amount` where it was won.
    """
    leads = view.seen(view.books.table("leads"), "created_at")
    seen = leads.select(
        "lead_id",
        "owner_id",
        "account_id",
        "campaign_id",
        "source",
        month=month_number_expr(leads.created_at.date()),
        day=leads.created_at.date(),
        **_own_stages(view, leads),
    )
    placed = _with_persona(view, agreements, _with_team(view, seen))
    return _with_deal(view, _with_touch(placed, touched), deals).drop("account_id", "day")


def _own_stages(view: View, leads: ir.Table) -> dict[str, ir.Value]:
    """Return what the leads themselves say of stages, seen by then."""
    judged = ibis.coalesce(leads.verdict_at < view.end, ibis.literal(True))
    judged_at = ibis.ifelse(judged, leads.verdict_at, _NEVER)
    is_accepted = ibis.coalesce((leads.verdict == "accepted") & judged, ibis.literal(False))
    is_rejected = ibis.coalesce((leads.verdict == "rejected") & judged, ibis.literal(False))
    qualified = ibis.ifelse(leads.qualified_at < view.end, leads.qualified_at, _NEVER)
    handed = ibis.ifelse(leads.handed_over_at < view.end, leads.handed_over_at, _NEVER)
    return {
        at(Stage.LEAD): leads.created_at,
        at(Stage.QUALIFIED): qualified,
        at(Stage.HANDED_OVER): handed,
        at(Stage.ACCEPTED): ibis.ifelse(is_accepted, judged_at, _NEVER),
        "rejected_at": ibis.ifelse(is_rejected, judged_at, _NEVER),
        is_at(Stage.LEAD): ibis.literal(True),
        is_at(Stage.QUALIFIED): qualified.notnull(),
        is_at(Stage.HANDED_OVER): handed.notnull(),
        is_at(Stage.ACCEPTED): is_accepted,
        "is_rejected": is_rejected,
    }


def _with_team(view: View, leads: ir.Table) -> ir.Table:
    people = people_over_time(view.books)
    dated = people.select("valid_from", "valid_until", led_by="person_id", team="team")
    joined = leads.left_join(dated, [leads.owner_id == dated.led_by, *in_span(leads.day, dated)])
    return joined.drop("led_by", "valid_from", "valid_until")


def _with_persona(view: View, agreements: Agreements, leads: ir.Table) -> ir.Table:
    """Add the persona that the account met on the day when the lead came; "" surely none."""
    if not any(version.agreement.personas for version in agreements.versions):
        return leads.mutate(persona=ibis.null("string"))
    columns = leads.columns
    dated = accounts_over_time(view.books)
    right = dated.rename(lambda name: f"account__{name}")
    right = right.rename(valid_from="account__valid_from", valid_until="account__valid_until")
    joined = leads.left_join(
        right, [leads.account_id == right.account__account_id, *in_span(leads.day, right)]
    )
    known = joined.mutate(met_on=joined.day)
    persona = persona_of(known, agreements, known.met_on, view)
    return known.mutate(persona=persona).select(*columns, "persona")


def _with_touch(leads: ir.Table, touched: Touched) -> ir.Table:
    first = touched.first_of_leads()
    return leads.left_join(first, [("lead_id", "touched_lead")]).drop("touched_lead")


def _with_deal(view: View, leads: ir.Table, deals: ir.Table) -> ir.Table:
    """Add the deal that a lead became; of several the one that was won, then the earliest."""
    facts = deals.select(
        "deal_id", "outcome", "created_at", "closed_at", "net_amount", deal_owner_id="owner_id"
    )
    pairs = leads_of_deals(view).inner_join(facts, "deal_id")
    order = ibis.window(
        group_by="lead_id", order_by=[ibis.desc(pairs.outcome == "won"), "created_at", "deal_id"]
    )
    first = pairs.mutate(place=ibis.row_number().over(order))
    first = first.filter(first.place == 0).drop("place").rename(of_lead="lead_id")
    joined = leads.left_join(first, [("lead_id", "of_lead")])
    is_won = ibis.coalesce(joined.outcome == "won", ibis.literal(False))
    is_lost = ibis.coalesce(joined.outcome.isin(["lost", "cancelled"]), ibis.literal(False))
    return joined.mutate(
        **{
            at(Stage.DEAL): joined.created_at,
            at(Stage.WON): ibis.ifelse(is_won, joined.closed_at, _NEVER),
            is_at(Stage.DEAL): joined.deal_id.notnull(),
            is_at(Stage.WON): is_won,
            "lost_at": ibis.ifelse(is_lost, joined.closed_at, _NEVER),
            "is_lost": is_lost,
            "net_amount": ibis.ifelse(is_won, joined.net_amount.cast(MONEY), ZERO),
        }
    ).drop("of_lead", "outcome", "created_at", "closed_at")
