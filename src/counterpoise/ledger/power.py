"""Power: who decided, by side and role, who waited for whom, and what the agreement gives each.

What is usual for the kind of company (marketing leads where consumer goods are sold, sales where
goods are sold to industry; after Shapiro) is shown beside it, as the agreement has it or as is
usual; it judges nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.document import Agreement
from counterpoise.agreement.versions import Agreements
from counterpoise.books.facts import View
from counterpoise.desk.chain import chain_of
from counterpoise.ledger.power_decisions import decisions
from counterpoise.ledger.review import standing
from counterpoise.ledger.totals import ratio

USUAL: Mapping[str, str] = MappingProxyType(
    {
        "consumer_goods": "marketing",
        "industrial": "sales",
        "services": "shared",
        "software": "shared",
    }
)
"""Which side leads in a company of each kind, where the agreement does not say."""
SIDES = ("sales", "marketing", "both")
FEWEST = 30
"""Decisions below which nothing is said of who decides."""


@dataclass(frozen=True)
class Right:
    """What the agreement gives a role: in how many of its rows it takes part, and up to where."""

    role: str
    side: str
    rows: int
    of_rows: int
    highest: float | None
    """Of what it may grant by itself."""
    highest_with_others: float | None


@dataclass(frozen=True)
class Decided:
    """Decisions of a role, or of a side; overrides are decisions beyond the agreement's rights.

    Attributes:
        approved: Requests approved.
        refused: Requests refused.
        net: Net value of the deals decided about, each request counting.
        without_right: Discounts decided by a role that no row gives a say there.
        above: Discounts approved beyond what the role may grant.
        own: Requests decided by who made them.
        unjudged: Discounts of which that cannot be told.
        customizations_approved: Customizations approved, which count above, too.
        customizations_refused: Those refused.
    """

    approved: int = 0
    refused: int = 0
    net: float = 0.0
    without_right: int = 0
    above: int = 0
    own: int = 0
    unjudged: int = 0
    customizations_approved: int = 0
    customizations_refused: int = 0

    def __add__(self, other: Decided) -> Decided:
        """Add other decisions."""
        return Decided(*(getattr(self, name) + getattr(other, name) for name in _NAMES))

    @property
    def decisions(self) -> int:
        """Return how many were decided."""
        return self.approved + self.refused

    @property
    def overrides(self) -> int:
        """Return how many were decided by a role without a say, or approved above its rate."""
        return self.without_right + self.above


_NAMES = tuple(each.name for each in fields(Decided))


@dataclass(frozen=True)
class Waiting:
    """How long requests of one role waited for another, in working hours.

    `still` wait, for `still_hours` at the median; who waits for nobody known has no decider.
    """

    asker: str | None
    decider: str | None
    answered: int
    median_hours: float | None
    p90_hours: float | None
    still: int
    still_hours: float | None


@dataclass(frozen=True)
class Power:
    """Who decided and who waited, beside the rights in the agreement.

    Attributes:
        rights: Roles of the agreement in the order of its ladder.
        roles: Decisions by role; None where nobody knows who decided.
        waiting: Who waited for whom, the most requests first.
        usual: Which side leads in such a company: `sales`, `marketing` or `shared`.
        is_agreed: Whether the agreement says so, or it is what is usual for the kind.
        kind: What kind of company it is.
        rows: Every request (`decisions`), for who wants to see them.
    """

    rights: tuple[Right, ...]
    roles: Mapping[str | None, Decided]
    waiting: tuple[Waiting, ...]
    usual: str
    is_agreed: bool
    kind: str
    rows: ir.Table | None

    @property
    def sides(self) -> Mapping[str, Decided]:
        """Return decisions by the side of the role that made them."""
        side_of = {each.role: each.side for each in self.rights}
        found = dict.fromkeys(SIDES, Decided())
        for role, each in self.roles.items():
            if role in side_of:
                found[side_of[role]] += each
        return found

    def share(self, side: str) -> float | None:
        """Return the share of a side in what roles of either side decided, or both together."""
        told = self.sides
        found = ratio(told[side].decisions, sum(each.decisions for each in told.values()))
        return None if found is None else float(found)


def power(view: View, agreements: Agreements, deals: ir.Table) -> Power:
    """Tell who decided, who overrode what was agreed, and who waited for whom.

    Args:
        view: The books as of a day.
        agreements: Every version; rights are those of the row and the version of a deal's day.
        deals: One row a deal, as `deal_table` gives them.
    """
    version = standing(agreements, view.as_of)
    agreement = version.agreement if version else None
    kind = agreement.company.kind if agreement else "industrial"
    leading = agreement.company.leading if agreement else None
    rows = decisions(view, agreements, agreement, deals) if view.books.has("approvals") else None
    return Power(
        rights=_rights(agreement) if agreement else (),
        roles=_decided(view, rows) if rows is not None else {},
        waiting=_waiting(view, rows) if rows is not None else (),
        usual=leading or USUAL[kind],
        is_agreed=leading is not None,
        kind=kind,
        rows=rows,
    )


def _rights(agreement: Agreement) -> tuple[Right, ...]:
    rows = chain_of(agreement)
    found = []
    for role, each in agreement.roles.items():
        own = [g.rate for row in rows for g in row.grants if g.roles == (role,)]
        shared = [
            g.rate for row in rows for g in row.grants if role in g.roles and len(g.roles) > 1
        ]
        in_rows = sum(any(role in grant.roles for grant in row.grants) for row in rows)
        found.append(
            Right(
                role=role,
                side=each.side.value,
                rows=in_rows,
                of_rows=len(rows),
                highest=float(max(own)) if own else None,
                highest_with_others=float(max(shared)) if shared else None,
            )
        )
    return tuple(found)


def _decided(view: View, rows: ir.Table) -> dict[str | None, Decided]:
    decided = rows.filter(~rows.is_waiting)
    is_discount = decided.subject == "discount"
    is_custom = decided.subject == "customization"
    counted = decided.group_by(role=decided.decider_role).aggregate(
        approved=_count(decided.verdict == "approved"),
        refused=_count(decided.verdict == "refused"),
        net=decided.net.cast("float64").sum(),
        without_right=_count(decided.has_no_right),
        above=_count(decided.is_above),
        own=_count(decided.is_own),
        unjudged=_count(is_discount & decided.has_no_right.isnull()),
        customizations_approved=_count(is_custom & (decided.verdict == "approved")),
        customizations_refused=_count(is_custom & (decided.verdict == "refused")),
    )
    found = view.books.run(counted).to_pylist()
    return {
        row["role"]: Decided(**{name: row[name] or 0 for name in _NAMES})
        for row in sorted(found, key=lambda row: row["role"] or "")
    }


def _waiting(view: View, rows: ir.Table) -> tuple[Waiting, ...]:
    done, still = ~rows.is_waiting, rows.is_waiting
    hours = rows.hours
    answered = ibis.ifelse(done, hours, ibis.null("float64"))
    so_far = ibis.ifelse(still, hours, ibis.null("float64"))
    timed = rows.mutate(answered=answered, so_far=so_far)
    table = timed.group_by(asker=timed.asker_role, decider=timed.decider_role).aggregate(
        answered=_count(timed.answered.notnull()),
        median_hours=timed.answered.median(),
        p90_hours=timed.answered.quantile(0.9),
        still=_count(timed.so_far.notnull()),
        still_hours=timed.so_far.median(),
    )
    found = [Waiting(**row) for row in view.books.run(table).to_pylist()]
    return tuple(
        sorted(
            found,
            key=lambda each: (-each.answered - each.still, each.asker or "", each.decider or ""),
        )
    )


def _count(flags: ir.BooleanValue) -> ir.IntegerScalar:
    found: ir.IntegerScalar = flags.cast("int32").sum()
    return found
