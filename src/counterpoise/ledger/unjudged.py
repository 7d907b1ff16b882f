"""What could not be judged, and why: the concessions that no clause speaks of, by reason."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from counterpoise.books.books import Books


class Reason(StrEnum):
    """Why a part of a concession is unjudged; the first that holds is told."""

    NO_AGREEMENT = "no_agreement"
    NO_APPROVALS = "no_approvals"
    ROLE_UNKNOWN = "role_unknown"
    FACT_MISSING = "fact_missing"

    @property
    def says(self) -> str:
        """Say the reason in words."""
        return _SAYS[self]


_SAYS = {
    Reason.NO_AGREEMENT: "no agreement was in force on the day",
    Reason.NO_APPROVALS: "above authority, and no approvals were on record then",
    Reason.ROLE_UNKNOWN: "the owner's role is unknown",
    Reason.FACT_MISSING: "a fact that decides is missing",
}


@dataclass(frozen=True)
class Unjudged:
    """How many won deals, and how much of their concessions, could not be judged for a reason."""

    reason: Reason
    deals: int
    amount: Decimal


def reason_of(judged: ir.Table, recorded: ir.BooleanValue) -> ir.StringValue:
    """Return why a won deal's concession is not judged to the end, NULL where it is.

    Args:
        judged: Deals as `judged_deals` returns them.
        recorded: Whether approvals were on record on the day of a deal.
    """
    nothing = ibis.null("string")
    return ibis.cases(
        (~((judged.outcome == "won") & (judged.unjudged > 0)), nothing),
        (judged.unjudged.isnull(), nothing),
        (judged.agreement.isnull(), Reason.NO_AGREEMENT.value),
        ((judged.verdict != "unjudged") & ~recorded, Reason.NO_APPROVALS.value),
        (judged.ladder_role.isnull(), Reason.ROLE_UNKNOWN.value),
        else_=Reason.FACT_MISSING.value,
    )


def unjudged_by_reason(deals: ir.Table) -> ir.Table:
    """Add up what is unjudged. Grain: `unjudged_because`, the reason."""
    unsure = deals.filter(deals.unjudged_because.notnull())
    return unsure.group_by("unjudged_because").aggregate(
        deals=unsure.count(), amount=unsure.unjudged.sum().cast(dt.Decimal(38, 4))
    )


def unjudged(books: Books, deals: ir.Table) -> tuple[Unjudged, ...]:
    """Return what could not be judged, the largest amount first."""
    rows = books.run(unjudged_by_reason(deals)).to_pylist()
    found = [Unjudged(Reason(row["unjudged_because"]), row["deals"], row["amount"]) for row in rows]
    return tuple(sorted(found, key=lambda each: (-each.amount, each.reason)))
