"""Who is reached, pursued and sold: each persona from the first touch to the deals won."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import reduce

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.fields import Fields, Scope
from counterpoise.agreement.versions import Agreements
from counterpoise.books.facts import View, accounts_over_time
from counterpoise.books.spans import in_span
from counterpoise.desk.placing import persona_expr, version_expr
from counterpoise.ledger.touched import Touched, touches_known


@dataclass(frozen=True)
class Reach:
    """How far a persona came, in numbers; every account counts once in each.

    An account counts for the persona that it met on the day when it was first reached (touched, or
    become a lead), and a deal for the one of its own day.
    """

    accounts_reached: int = 0
    touches: int = 0
    leads: int = 0
    accounts_pursued: int = 0
    deals_open: int = 0
    deals_pursued: int = 0
    """Won or lost."""
    accounts_sold: int = 0
    deals_won: int = 0

    def __add__(self, other: Reach) -> Reach:
        """Add another persona; an account that changed counts for both."""
        return Reach(*(getattr(self, name) + getattr(other, name) for name in _NAMES))


_NAMES = tuple(each.name for each in fields(Reach))
_NONE = ibis.literal(0).cast("int64")


@dataclass(frozen=True)
class Reached:
    """Every persona's reach, `""` for those of none and None for unknown, and who has no name yet.

    `strangers` counts touches of which nobody knows the account.
    """

    personas: Mapping[str | None, Reach]
    strangers: int


def reached(
    view: View, agreements: Agreements, deals: ir.Table, touched: Touched | None = None
) -> Reached:
    """Count who is reached, pursued and sold.

    Args:
        view: The books as of a day.
        agreements: The version of a day says which persona an account meets.
        deals: One row a deal, as `deal_table` gives them.
        touched: As `touches_known` gives them; made where there are touches and none are given.
    """
    if touched is None and view.books.has("touches"):
        touched = touches_known(view)
    accounts = first_reached(view, touched)
    rows = view.books.run(_by_persona(view, agreements, accounts)).to_pylist()
    strangers = sum(row["touches"] for row in rows if not row["accounts_reached"])
    known = [row for row in rows if row["accounts_reached"]]
    parts = [*known, *view.books.run(_pursued(deals)).to_pylist()]
    found: dict[str | None, Reach] = {}
    for row in parts:
        persona, counts = row.pop("persona"), {name: each or 0 for name, each in row.items()}
        found[persona] = found.get(persona, Reach()) + Reach(**counts)
    return Reached(found, int(strangers))


def first_reached(view: View, touched: Touched | None) -> ir.Table:
    """Return when each account was first touched or became a lead, with its touches and leads.

    Grain: an account; one row with NULL for those whose account nobody knows. Columns:
    `reached_account`, `reached_at`, `touches`, `leads`.
    """
    parts = [_leads(view), *([_touches(view, touched)] if touched else [])]
    both = reduce(lambda one, two: one.union(two), parts)
    return both.group_by("reached_account").aggregate(
        reached_at=both.reached_at.min(), touches=both.touches.sum(), leads=both.leads.sum()
    )


def _leads(view: View) -> ir.Table:
    leads = view.seen(view.books.table("leads"), "created_at")
    counted = leads.group_by(reached_account=leads.account_id).aggregate(
        reached_at=leads.created_at.min(), leads=leads.count().cast("int64")
    )
    return counted.select("reached_account", "reached_at", touches=_NONE, leads=counted.leads)


def _touches(view: View, touched: Touched) -> ir.Table:
    """Return touches by account: their own, else that of their lead."""
    sums = touched.by_account()
    leads = view.books.table("leads")
    named = leads.select(of_lead=leads.lead_id, lead_account=leads.account_id)
    joined = sums.left_join(named, sums.lead_id == named.of_lead)
    account = ibis.coalesce(joined.account_id, joined.lead_account)
    counted = joined.group_by(reached_account=account).aggregate(
        reached_at=joined.first_at.min(), touches=joined.touches.sum().cast("int64")
    )
    return counted.select("reached_account", "reached_at", "touches", leads=_NONE)


def _by_persona(view: View, agreements: Agreements, accounts: ir.Table) -> ir.Table:
    """Add up accounts by the persona of their first day. Grain: persona; strangers by themselves.

    A persona that asks for more than an account is unknown here.
    """
    dated = accounts_over_time(view.books)
    right = dated.rename(lambda name: f"account__{name}")
    right = right.rename(valid_from="account__valid_from", valid_until="account__valid_until")
    day = accounts.reached_at.date()
    joined = accounts.left_join(
        right, [accounts.reached_account == right.account__account_id, *in_span(day, right)]
    )
    meant = joined.mutate(reached_on=joined.reached_at.date())
    persona = persona_of(meant, agreements, meant.reached_on, view)
    known = meant.reached_account.notnull()
    return (
        meant.group_by(persona=persona, is_known=known)
        .aggregate(
            accounts_reached=meant.reached_account.count(),
            touches=meant.touches.sum().cast("int64"),
            leads=meant.leads.sum().cast("int64"),
        )
        .drop("is_known")
    )


def persona_of(
    facts: ir.Table, agreements: Agreements, day: ir.DateValue, view: View
) -> ir.StringValue:
    """Return the persona that facts of an account meet under the version of a day.

    NULL where no version is in force, or a fact is missing that decides.
    """
    fields = Fields(Scope.DEAL, view.books.all_attributes)
    number = version_expr(day, agreements.versions)
    branches = [
        (number == at, persona_expr(facts, each.agreement, fields))
        for at, each in enumerate(agreements.versions)
    ]
    nothing = ibis.null("string")
    return ibis.cases(*branches, else_=nothing) if branches else nothing


def _pursued(deals: ir.Table) -> ir.Table:
    """Count deals and their accounts by persona. Grain: persona."""
    won, closed = deals.outcome == "won", deals.outcome.isin(("won", "lost"))
    taken_up = closed | (deals.outcome == "open")
    return deals.group_by("persona").aggregate(
        accounts_pursued=deals.account_id.nunique(where=taken_up),
        deals_open=(deals.outcome == "open").cast("int32").sum(),
        deals_pursued=closed.cast("int32").sum(),
        accounts_sold=deals.account_id.nunique(where=won),
        deals_won=won.cast("int32").sum(),
    )
