"""Rule tables: the chains of all versions as small tables that deals are joined to.

A join on plain equality is several times faster than a CASE over every row and role, and runs on
every engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from counterpoise.agreement.conditions import Condition
from counterpoise.agreement.versions import Agreements, Version
from counterpoise.desk.chain import NO_ROW, Grant, Row, RowKind, chain_of

UNKNOWN_ROLE = "?"
"""Stands for a role that nobody knows; it may be any that the row names."""

BOTTOM_RANK = -1
"""The rank of an asker who is on no rung that the row names."""

GRANTED = 0
REFUSED = 1_000_000
"""Codes of an outcome, worse is greater; an approval has its grant's rank plus one."""

NO_GRANT = Decimal(-2)
"""Stands for a rate that nobody grants: no lever lifts it to cover anything."""

_RATE = dt.Decimal(18, 6)
_NOBODY = Grant((), NO_GRANT, BOTTOM_RANK)
_ALWAYS = Condition()


@dataclass(frozen=True)
class NumberedRow:
    """A row of some version's chain under a number that is unique over all versions.

    `place` counts from 1 within the version, in the order in which rows are tried; the last place
    of a version is the end of its chain, where no row matched.
    """

    number: int
    version: int
    place: int
    row: Row


@dataclass(frozen=True)
class Rules:
    """Every version's chain, numbered, and the tables made of them."""

    agreements: Agreements

    @property
    def versions(self) -> tuple[Version, ...]:
        """Return the versions; their places number them."""
        return self.agreements.versions

    @cached_property
    def rows(self) -> tuple[NumberedRow, ...]:
        """Return every row of every version, each version ending with its no-match row."""
        end = Row(RowKind.LIMIT, NO_ROW, condition=_ALWAYS)
        numbered: list[NumberedRow] = []
        for version, each in enumerate(self.versions):
            for place, row in enumerate((*chain_of(each.agreement), end), start=1):
                numbered.append(NumberedRow(len(numbered), version, place, row))
        return tuple(numbered)

    @cached_property
    def judging_lines(self) -> tuple[int, ...]:
        """Return the numbers of the versions whose basis is the line."""
        versions = enumerate(self.versions)
        return tuple(
            number for number, each in versions if each.agreement.discounts.basis == "line"
        )

    def chain(self, version: int) -> tuple[NumberedRow, ...]:
        """Return the numbered rows of one version, the no-match row last."""
        return tuple(each for each in self.rows if each.version == version)

    @cached_property
    def most_routes(self) -> int:
        """Return how many grants the longest row has."""
        return max((len(each.row.grants) for each in self.rows), default=0)

    @property
    def has_ties(self) -> bool:
        """Tell whether two grants of some row rank alike, as groups with one highest member do."""
        ranks = ([grant.rank for grant in each.row.grants] for each in self.rows)
        return any(len(set(row)) < len(row) for row in ranks)

    @cached_property
    def clauses(self) -> tuple[str, ...]:
        """Return the clauses of all rows, each once; their places number them."""
        return tuple(dict.fromkeys(each.row.clause for each in self.rows))

    @cached_property
    def approvers(self) -> tuple[str, ...]:
        """Return who stands on any route, members joined by " + "; their places number them."""
        grants = (grant for each in self.rows for grant in (*each.row.grants, _NOBODY))
        return tuple(dict.fromkeys(_who(grant) for grant in grants))

    def outcomes(self) -> ir.Table:
        """Return what each row gives each asker.

        Grain: row × asker (a role; `?` once for every role that the row names). Columns:
        row_number, asker, place, clause_number, asker_rank, own_rate (`NO_GRANT` where the row
        names the role not), levers (1 where the row earns them), and for each route in rising
        rank route_rank_N, route_rate_N (`NO_GRANT` where there are fewer), route_who_N, a number
        of `approvers`.
        """
        rows = [
            self._outcome(each, role, rank)
            for each in self.rows
            for role, rank in self._askers(each)
        ]
        return small_table(rows, _OUTCOME_SCHEMA | self._route_schema)

    @property
    def _route_schema(self) -> dict[str, dt.DataType]:
        routes = range(self.most_routes)
        return {
            **{f"route_rank_{route}": dt.int64 for route in routes},
            **{f"route_rate_{route}": _RATE for route in routes},
            **{f"route_who_{route}": dt.int16 for route in routes},
        }

    def _askers(self, numbered: NumberedRow) -> Iterator[tuple[str | None, int]]:
        """Yield every role with its rank; for an unknown asker, None with each it may have."""
        ladder = self.versions[numbered.version].agreement.ladder
        yield from ((role, 2 * rung) for rung, role in enumerate(ladder))
        named = [grant.rank for grant in numbered.row.singles]
        yield from ((None, rank) for rank in named or [BOTTOM_RANK])

    def _outcome(self, numbered: NumberedRow, role: str | None, rank: int) -> dict[str, object]:
        row = numbered.row
        routes = [grant for grant in row.grants if grant.rank > rank]
        filled = [*routes, *[_NOBODY] * (self.most_routes - len(routes))]
        own = next((grant for grant in row.singles if grant.rank == rank), _NOBODY)
        return {
            "row_number": numbered.number,
            "asker": role or UNKNOWN_ROLE,
            "place": numbered.place,
            "clause_number": self.clauses.index(row.clause),
            "asker_rank": rank,
            "own_rate": own.rate,
            "levers": int(row.earns_levers),
            **{f"route_rank_{at}": grant.rank for at, grant in enumerate(filled)},
            **{f"route_rate_{at}": grant.rate for at, grant in enumerate(filled)},
            **{
                f"route_who_{at}": self.approvers.index(_who(grant))
                for at, grant in enumerate(filled)
            },
        }

    def members(self) -> ir.Table:
        """Return who takes part in each grant.

        Grain: row × grant × member. Columns: row_number, place, grant_number, size (how many must
        approve), role, rate, levers. For a decider whose role nobody knows, role `?` stands with
        each grant as if it were theirs alone.
        """
        rows = [
            {
                "row_number": each.number,
                "place": each.place,
                "grant_number": at,
                "size": size,
                "role": role,
                "rate": grant.rate,
                "levers": int(each.row.earns_levers),
            }
            for each in self.rows
            for at, grant in enumerate(each.row.grants)
            for role, size in [
                *((role, len(grant.roles)) for role in grant.roles),
                (UNKNOWN_ROLE, 1),
            ]
        ]
        return small_table(rows, _MEMBER_SCHEMA)

    def numbers(self) -> ir.Table:
        """Return every row's number and its place in its version."""
        rows = [{"row_number": each.number, "place": each.place} for each in self.rows]
        return small_table(rows, {"row_number": dt.int64, "place": dt.int64})


def ladders_of(versions: Sequence[Version]) -> ir.Table:
    """Return every role of every version: version, spelling (lower case), role."""
    rows = [
        {"version": number, "spelling": role.lower(), "role": role}
        for number, each in enumerate(versions)
        for role in each.agreement.ladder
    ]
    return small_table(rows, {"version": dt.int64, "spelling": dt.string, "role": dt.string})


_OUTCOME_SCHEMA: dict[str, dt.DataType] = {
    "row_number": dt.int64,
    "asker": dt.string,
    "place": dt.int64,
    "clause_number": dt.int16,
    "asker_rank": dt.int64,
    "own_rate": _RATE,
    "levers": dt.int64,
}
_MEMBER_SCHEMA: dict[str, dt.DataType] = {
    "row_number": dt.int64,
    "place": dt.int64,
    "grant_number": dt.int64,
    "size": dt.int64,
    "role": dt.string,
    "rate": _RATE,
    "levers": dt.int64,
}


def _who(grant: Grant) -> str:
    return " + ".join(grant.roles)


def named(number: ir.IntegerValue, names: Sequence[str]) -> ir.StringValue:
    """Return what a number stands for in a list of names, NULL for none."""
    nothing = ibis.null("string")
    branches = [(number == place, name) for place, name in enumerate(names)]
    return ibis.cases(*branches, else_=nothing) if branches else nothing


def small_table(rows: Sequence[Mapping[str, object]], schema: dict[str, dt.DataType]) -> ir.Table:
    """Return rows that an agreement gives as a table to which facts are joined."""
    import pyarrow as pa

    wanted = ibis.schema(schema)
    return ibis.memtable(
        pa.Table.from_pylist(list(rows), schema=wanted.to_pyarrow()), schema=wanted
    )
