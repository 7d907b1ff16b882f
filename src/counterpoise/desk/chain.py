"""The chain: every row that may decide a discount, in the order in which the desk tries them.

Exclusions come first, then protected goods, exceptions in force, and the limits; the first row
whose condition holds decides. Both forms of the desk walk this chain.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from counterpoise.agreement.conditions import Condition
from counterpoise.agreement.document import Agreement, ExceptionRow, RateTable
from counterpoise.agreement.terms import roles_of

RANKS_A_RUNG = 2
"""A role's rank is its place on the ladder times this; groups stand on the odd ranks between."""


class RowKind(StrEnum):
    """Which part of the agreement a row of the chain comes from."""

    EXCLUSION = "exclusion"
    PROTECTED = "protected"
    EXCEPTION = "exception"
    LIMIT = "limit"


@dataclass(frozen=True)
class Grant:
    """Who may grant a rate: one role, or several that must all approve.

    A group ranks just after its highest member.
    """

    roles: tuple[str, ...]
    rate: Decimal
    rank: int

    @property
    def is_single(self) -> bool:
        """Tell whether one role grants by itself."""
        return len(self.roles) == 1


@dataclass(frozen=True)
class Row:
    """A row of the chain. `days` bounds when an exception is in force, both ends inclusive."""

    kind: RowKind
    clause: str
    condition: Condition
    grants: tuple[Grant, ...] = ()
    days: tuple[dt.date, dt.date] | None = None
    says: str | None = None

    @property
    def earns_levers(self) -> bool:
        """Tell whether levers add to what this row grants."""
        return self.kind in (RowKind.EXCEPTION, RowKind.LIMIT)

    @property
    def singles(self) -> tuple[Grant, ...]:
        """Return the grants of one role, the only ones that a person has by themselves."""
        return tuple(grant for grant in self.grants if grant.is_single)


NO_ROW = "discounts.limits"
"""The clause that is cited where no row matches and any discount is refused."""


def chain_of(agreement: Agreement) -> tuple[Row, ...]:
    """Return the rows that may decide a discount, first match first."""
    rank = ranks_of(agreement)
    exclusions = tuple(
        Row(RowKind.EXCLUSION, f"discounts.exclusions.{row.id}", row.when, says=row.says)
        for row in agreement.discounts.exclusions
    )
    return (
        *exclusions,
        *(_row(RowKind.PROTECTED, "protected", row, rank) for row in agreement.protected),
        *(_row(RowKind.EXCEPTION, "exceptions", row, rank) for row in agreement.exceptions),
        *(_row(RowKind.LIMIT, "discounts.limits", row, rank) for row in agreement.discounts.limits),
    )


def ranks_of(agreement: Agreement) -> dict[str, int]:
    """Return every role's rank on the ladder; the odd ranks between are those of groups."""
    return {role: place * RANKS_A_RUNG for place, role in enumerate(agreement.ladder)}


def grants_of(up_to: Mapping[str, Decimal], rank: Mapping[str, int]) -> tuple[Grant, ...]:
    """Return who may grant how much, lowest rank first."""
    grants = (_grant(who, most, rank) for who, most in up_to.items())
    return tuple(sorted(grants, key=lambda grant: grant.rank))


def _row(kind: RowKind, part: str, row: RateTable, rank: Mapping[str, int]) -> Row:
    days = (row.from_, row.until) if isinstance(row, ExceptionRow) else None
    return Row(kind, f"{part}.{row.id}", row.when, grants_of(row.up_to, rank), days, row.says)


def _grant(who: str, rate: Decimal, rank: Mapping[str, int]) -> Grant:
    roles = roles_of(who)
    highest = max(rank[role] for role in roles)
    return Grant(roles, rate, highest if len(roles) == 1 else highest + 1)
