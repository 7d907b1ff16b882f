"""Promotion rules: the rows for promotions of all versions, as small tables.

The counterpart of `rules`, which has the chains for discounts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from counterpoise.agreement.document import Agreement
from counterpoise.agreement.versions import Agreements, Version
from counterpoise.books.schema import Kind
from counterpoise.desk.chain import Grant, ranks_of
from counterpoise.desk.customization_rules import QuotaPeriod
from counterpoise.desk.promotion_chain import (
    WEEK,
    PromotionRule,
    promotion_budgets,
    promotion_chain,
)
from counterpoise.desk.rules import BOTTOM_RANK, NO_GRANT, UNKNOWN_ROLE, small_table

_NOBODY = Grant((), NO_GRANT, BOTTOM_RANK)
NO_LIMIT = -1
"""Stands for days that nothing limits; of NULLs some engines make something else."""


@dataclass(frozen=True)
class PlacedRule:
    """A row of some version's chain; `place` counts from 1 within the version."""

    version: int
    place: int
    rule: PromotionRule
    period: QuotaPeriod | None


@dataclass(frozen=True)
class PromotionRules:
    """Every version's rows for promotions, and the tables made of them."""

    agreements: Agreements

    @property
    def versions(self) -> tuple[Version, ...]:
        """Return the versions; their places number them."""
        return self.agreements.versions

    @cached_property
    def rows(self) -> tuple[PlacedRule, ...]:
        """Return every row of every version, each version ending with what no row fits."""
        return tuple(
            PlacedRule(number, place, rule, _period(rule, version.agreement))
            for number, version in enumerate(self.versions)
            for place, rule in enumerate(promotion_chain(version.agreement), start=1)
        )

    def chain(self, version: int) -> tuple[PlacedRule, ...]:
        """Return the rows of one version, its end last."""
        return tuple(each for each in self.rows if each.version == version)

    @cached_property
    def periods(self) -> tuple[QuotaPeriod, ...]:
        """Return the periods that weeks on deal and budgets count in, each once."""
        of_budgets = (
            QuotaPeriod(budget.every, version.agreement.company.fiscal_year_starts)
            for version in self.versions
            for budget in promotion_budgets(version.agreement)
        )
        return tuple(
            dict.fromkeys([*(each.period for each in self.rows if each.period), *of_budgets])
        )

    @cached_property
    def most_routes(self) -> int:
        """Return how many grants the longest row has."""
        return max((len(each.rule.grants) for each in self.rows), default=0)

    def outcomes(self) -> ir.Table:
        """Return what each row gives each asker.

        Grain: version × row × asker (a role; `?` once for every role that the row names). Columns:
        row_version, place, asker_role, clause, own_rate (`NO_GRANT` where the row does not name
        the role), ending ("" but at an end), most_days and least_gap (days, `NO_LIMIT` without),
        period ("" without), and for each route in rising rank route_rank_N, route_rate_N
        (`NO_GRANT` where there are fewer), route_who_N.
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
            **{f"route_rate_{route}": Kind.RATE.dtype for route in routes},
            **{f"route_who_{route}": dt.string for route in routes},
        }
        return small_table(rows, schema)

    def _askers(self, row: PlacedRule) -> Iterator[tuple[str | None, int]]:
        """Yield every role with its rank; for an unknown asker, None with each it may have."""
        yield from ranks_of(self.versions[row.version].agreement).items()
        named = [grant.rank for grant in row.rule.singles]
        yield from ((None, rank) for rank in named or [BOTTOM_RANK])

    def _outcome(self, row: PlacedRule, role: str | None, rank: int) -> dict[str, object]:
        rule = row.rule
        own = next((grant for grant in rule.singles if grant.rank == rank), _NOBODY)
        routes = [grant for grant in rule.grants if grant.rank > rank]
        filled = [*routes, *[_NOBODY] * (self.most_routes - len(routes))]
        outcome: dict[str, object] = {
            "row_version": row.version,
            "place": row.place,
            "asker_role": role or UNKNOWN_ROLE,
            "clause": rule.clause,
            "own_rate": own.rate,
            "ending": rule.ending or "",
            "most_days": rule.weeks_on_deal.at_most * WEEK if rule.weeks_on_deal else NO_LIMIT,
            "least_gap": NO_LIMIT if rule.gap_weeks is None else rule.gap_weeks * WEEK,
            "period": row.period.column if row.period else "",
        }
        for at, grant in enumerate(filled):
            outcome[f"route_rank_{at}"] = grant.rank
            outcome[f"route_rate_{at}"] = grant.rate
            outcome[f"route_who_{at}"] = " + ".join(grant.roles)
        return outcome


def _period(rule: PromotionRule, agreement: Agreement) -> QuotaPeriod | None:
    if rule.weeks_on_deal is None:
        return None
    return QuotaPeriod(rule.weeks_on_deal.per, agreement.company.fiscal_year_starts)


_OUTCOME_SCHEMA: dict[str, dt.DataType] = {
    "row_version": dt.int64,
    "place": dt.int64,
    "asker_role": dt.string,
    "clause": dt.string,
    "own_rate": Kind.RATE.dtype,
    "ending": dt.string,
    "most_days": dt.int64,
    "least_gap": dt.int64,
    "period": dt.string,
}
