"""Customization rules: the rows for customizations of all versions, as small tables.

The counterpart of `rules`, which has the chains for discounts. Rows of all kinds stand in one
chain; a row decides about its own kind only, and the end of the chain about what no row fits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from counterpoise.agreement.conditions import Condition
from counterpoise.agreement.document import Quota
from counterpoise.agreement.quantities import Period
from counterpoise.agreement.versions import Agreements, Version
from counterpoise.books.money import MONEY
from counterpoise.desk.chain import Grant, grants_of, ranks_of
from counterpoise.desk.customization import OTHERWISE
from counterpoise.desk.rules import BOTTOM_RANK, UNKNOWN_ROLE, small_table

NO_AMOUNT = Decimal(-1)
"""Stands for an amount that nobody grants; of NULLs some engines make something else."""

_NOBODY = Grant((), NO_AMOUNT, BOTTOM_RANK)


@dataclass(frozen=True)
class QuotaPeriod:
    """A way to cut time into periods: which, and in which month the fiscal year starts."""

    per: Period
    fiscal_year_starts: int

    @property
    def column(self) -> str:
        """Return the name of the column with each customization's place in its period."""
        return f"nth_{self.per.value}_{self.fiscal_year_starts}"


@dataclass(frozen=True)
class KindRow:
    """A row for a kind of customization, or the end of a version's chain, which has no kind.

    `place` counts from 1 within the version.
    """

    version: int
    place: int
    clause: str
    kind: str | None = None
    condition: Condition = Condition()
    grants: tuple[Grant, ...] = ()
    quota: Quota | None = None
    period: QuotaPeriod | None = None
    is_free: bool = False

    @property
    def singles(self) -> tuple[Grant, ...]:
        """Return the grants of one role, the only ones that a person has by themselves."""
        return tuple(grant for grant in self.grants if grant.is_single)


@dataclass(frozen=True)
class CustomizationRules:
    """Every version's rows for customizations, and the tables made of them."""

    agreements: Agreements

    @property
    def versions(self) -> tuple[Version, ...]:
        """Return the versions; their places number them."""
        return self.agreements.versions

    @cached_property
    def rows(self) -> tuple[KindRow, ...]:
        """Return every row of every version, each version ending with what no row fits."""
        return tuple(
            row for number, version in enumerate(self.versions) for row in _rows(number, version)
        )

    def chain(self, version: int) -> tuple[KindRow, ...]:
        """Return the rows of one version, its end last."""
        return tuple(each for each in self.rows if each.version == version)

    @cached_property
    def periods(self) -> tuple[QuotaPeriod, ...]:
        """Return the periods that quotas count in, each once."""
        return tuple(dict.fromkeys(each.period for each in self.rows if each.period))

    @cached_property
    def most_routes(self) -> int:
        """Return how many grants the longest row has."""
        return max((len(each.grants) for each in self.rows), default=0)

    def outcomes(self) -> ir.Table:
        """Return what each row gives each asker.

        Grain: version × row × asker (a role; `?` once for every role that the row names). Columns:
        row_version, place, asker_role, clause, own_amount (`NO_AMOUNT` where the row does not name
        the role), is_free (1 at an end where what no row fits is granted), quota_count and
        quota_period (0 and "" without), and for each route in rising rank route_rank_N,
        route_amount_N (`NO_AMOUNT` where there are fewer), route_who_N.
        """
        rows = [
            self._outcome(each, role, rank)
            for each in self.rows
            for role, rank in self._askers(each)
        ]
        routes = range(self.most_routes)
        schema = {
            **_OUTCOME_SCHEMA,
            **{f"route_rank_{route}": dt.int64 for route in routes},
            **{f"route_amount_{route}": MONEY for route in routes},
            **{f"route_who_{route}": dt.string for route in routes},
        }
        return small_table(rows, schema)

    def _askers(self, row: KindRow) -> Iterator[tuple[str | None, int]]:
        """Yield every role with its rank; for an unknown asker, None with each it may have."""
        yield from ranks_of(self.versions[row.version].agreement).items()
        named = [grant.rank for grant in row.singles]
        yield from ((None, rank) for rank in named or [BOTTOM_RANK])

    def _outcome(self, row: KindRow, role: str | None, rank: int) -> dict[str, object]:
        own = next((grant for grant in row.singles if grant.rank == rank), _NOBODY)
        routes = [grant for grant in row.grants if grant.rank > rank]
        filled = [*routes, *[_NOBODY] * (self.most_routes - len(routes))]
        outcome: dict[str, object] = {
            "row_version": row.version,
            "place": row.place,
            "asker_role": role or UNKNOWN_ROLE,
            "clause": row.clause,
            "own_amount": own.rate,
            "is_free": int(row.is_free),
            "quota_count": int(row.quota.count) if row.quota else 0,
            "quota_period": row.period.column if row.period else "",
        }
        for at, grant in enumerate(filled):
            outcome[f"route_rank_{at}"] = grant.rank
            outcome[f"route_amount_{at}"] = grant.rate
            outcome[f"route_who_{at}"] = " + ".join(grant.roles)
        return outcome

    def members(self) -> ir.Table:
        """Return who takes part in each grant.

        Grain: version × row × grant × member. Columns: row_version, place, grant_number, size (how
        many must approve), member, amount. For a decider whose role nobody knows, `?` stands with
        each grant as if it were theirs alone.
        """
        rows = [
            {
                "row_version": each.version,
                "place": each.place,
                "grant_number": at,
                "size": size,
                "member": member,
                "amount": grant.rate,
            }
            for each in self.rows
            for at, grant in enumerate(each.grants)
            for member, size in [
                *((role, len(grant.roles)) for role in grant.roles),
                (UNKNOWN_ROLE, 1),
            ]
        ]
        return small_table(rows, _MEMBER_SCHEMA)


def _rows(number: int, version: Version) -> Iterator[KindRow]:
    agreement = version.agreement
    ranks, starts = ranks_of(agreement), agreement.company.fiscal_year_starts
    limits = agreement.customizations.limits
    for place, row in enumerate(limits, start=1):
        yield KindRow(
            number,
            place,
            f"customizations.limits.{row.id}",
            row.kind,
            row.when,
            grants_of(row.up_to, ranks),
            row.quota,
            QuotaPeriod(row.quota.per, starts) if row.quota else None,
        )
    is_free = agreement.customizations.otherwise == "granted"
    yield KindRow(number, len(limits) + 1, OTHERWISE, is_free=is_free)


_OUTCOME_SCHEMA: dict[str, dt.DataType] = {
    "row_version": dt.int64,
    "place": dt.int64,
    "asker_role": dt.string,
    "clause": dt.string,
    "own_amount": MONEY,
    "is_free": dt.int64,
    "quota_count": dt.int64,
    "quota_period": dt.string,
}
_MEMBER_SCHEMA: dict[str, dt.DataType] = {
    "row_version": dt.int64,
    "place": dt.int64,
    "grant_number": dt.int64,
    "size": dt.int64,
    "member": dt.string,
    "amount": MONEY,
}
