"""Authority: an agreement made ready to answer, with every condition compiled once.

The rows keep the order of the chain. Where many of them ask for a word of the same column (a
segment, a product family), they are found by that word instead of one after the other.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from counterpoise.agreement.binding import BoundTest
from counterpoise.agreement.conditions import Truth
from counterpoise.agreement.document import (
    Agreement,
    CustomizationRow,
    Floor,
    Lever,
    Persona,
    Quota,
    ValueProposition,
)
from counterpoise.agreement.fields import Fields
from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.books.schema import Kind, attribute_column
from counterpoise.desk.case import ZERO
from counterpoise.desk.chain import NO_ROW, Grant, Row, RowKind, chain_of, grants_of, ranks_of
from counterpoise.desk.predicates import (
    DEAL_FIELDS,
    Facts,
    Predicate,
    Truthful,
    predicate_of,
    words_of,
)


@dataclass(frozen=True)
class LiveRow:
    """A row of the chain, or of the customizations, ready to be asked."""

    clause: str
    predicate: Predicate
    grants: tuple[Grant, ...]
    own: Mapping[str, Decimal]
    kind: RowKind | None = None
    days: tuple[dt.date, dt.date] | None = None
    says: str | None = None
    earns_levers: bool = False
    quota: Quota | None = None
    _steps: dict[str | None, tuple[tuple[int, Decimal | None], ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def truth(self) -> Truthful:
        """Return the condition as a function of the facts."""
        return self.predicate.truth

    def steps(self, role: str | None, rank: int) -> tuple[tuple[int, Decimal | None], ...]:
        """Return what can be had at each rank from the asker's up, where it is more than below.

        The first step is the asker's own rate, None where the row does not name the role.
        """
        found = self._steps.get(role)
        if found is None:
            best = self.own.get(role) if role is not None else None
            steps = [(rank, best)]
            for grant in self.grants:
                if grant.rank > rank and (best is None or grant.rate > best):
                    best = grant.rate
                    steps.append((grant.rank, best))
            found = self._steps[role] = tuple(steps)
        return found

    @property
    def is_exclusion(self) -> bool:
        """Tell whether the row allows no discount at all."""
        return self.kind is RowKind.EXCLUSION


NO_LIVE_ROW = LiveRow(NO_ROW, Predicate(lambda _: True), (), {}, RowKind.LIMIT)
"""What decides where no row matches: nobody may give anything."""


@dataclass(frozen=True)
class LiveLever:
    """A lever and its compiled condition."""

    lever: Lever
    predicate: Predicate

    @property
    def clause(self) -> str:
        """Return the lever's clause."""
        return f"discounts.levers.{self.lever.id}"


class Levers:
    """The levers of an agreement: what they add, up to their cap."""

    def __init__(self, levers: tuple[LiveLever, ...], cap: Decimal | None) -> None:
        self.all = levers
        self.cap = cap
        self._adds = tuple((each.predicate.truth, each.lever.adds) for each in levers)

    def sum(self, facts: Facts) -> Decimal:
        """Return what the levers that surely hold add."""
        total = ZERO
        for truth, adds in self._adds:
            if truth(facts):
                total += adds
        return total if self.cap is None or total <= self.cap else self.cap

    def bounds(self, facts: Facts) -> tuple[Decimal, Decimal]:
        """Return what the levers add, unknown ones left out and counted."""
        sure = possible = ZERO
        for truth, adds in self._adds:
            held = truth(facts)
            if held:
                sure += adds
            elif held is None:
                possible += adds
        cap = self.cap
        if cap is None:
            return sure, sure + possible
        return min(sure, cap), min(sure + possible, cap)

    def held(self, facts: Facts) -> list[int]:
        """Return the places of the levers that surely hold."""
        return [place for place, (truth, _) in enumerate(self._adds) if truth(facts)]

    def holding(self, facts: Facts) -> tuple[LiveLever, ...]:
        """Return the levers that surely hold."""
        return tuple(each for each in self.all if each.predicate.truth(facts))


class RowTable:
    """Rows tried in order; finds those that may decide."""

    def __init__(self, rows: Iterable[LiveRow], otherwise: LiveRow | None) -> None:
        self.rows = tuple(rows)
        self.otherwise = otherwise
        self._column = _commonest_word_column(self.rows)
        self._by_word, self._rest = self._indexed()

    def possible(self, facts: Facts, day: dt.date) -> tuple[LiveRow, ...]:
        """Return every row that may be the first to hold: one, where no fact is missing.

        The row `otherwise` comes last where no row surely holds.
        """
        possible: list[LiveRow] = []
        for row in self._candidates(facts):
            truth: Truth = row.truth(facts)
            if truth is False or (row.days and not row.days[0] <= day <= row.days[1]):
                continue
            possible.append(row)
            if truth:
                return tuple(possible)
        return (*possible, self.otherwise) if self.otherwise else tuple(possible)

    @cached_property
    def columns(self) -> frozenset[str]:
        """Return the columns that decide which row it is."""
        return frozenset().union(*(row.predicate.columns for row in self.rows))

    def _candidates(self, facts: Facts) -> tuple[LiveRow, ...]:
        fact = facts.get(self._column) if self._column else None
        return self.rows if fact is None else self._by_word.get(fact, self._rest)

    def _indexed(self) -> tuple[dict[Any, tuple[LiveRow, ...]], tuple[LiveRow, ...]]:
        words = [_words_on(row, self._column) for row in self.rows]
        every: set[Any] = set().union(*(each for each in words if each))
        pairs = list(zip(self.rows, words, strict=True))
        by_word = {
            word: tuple(row for row, asked in pairs if asked is None or word in asked)
            for word in every
        }
        return by_word, tuple(row for row, asked in pairs if asked is None)


def _words_on(row: LiveRow, column: str | None) -> frozenset[Any] | None:
    """Return the words of which a row's column must be one; None where it may be anything."""
    for bound in row.predicate.tests:
        if bound.field.column == column and (words := words_of(bound.test)):
            return words
    return None


def _commonest_word_column(rows: tuple[LiveRow, ...]) -> str | None:
    counts = Counter(
        bound.field.column for row in rows for bound in row.predicate.tests if words_of(bound.test)
    )
    return counts.most_common(1)[0][0] if counts else None


@dataclass(frozen=True)
class Ready:
    """An agreement ready to answer."""

    agreement: Agreement
    fields: Fields = DEAL_FIELDS

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """Return every role's rank on the ladder."""
        return ranks_of(self.agreement)

    @cached_property
    def rows(self) -> RowTable:
        """Return the chain that decides discounts."""
        return RowTable((self._live(row) for row in chain_of(self.agreement)), NO_LIVE_ROW)

    @cached_property
    def levers(self) -> Levers:
        """Return what earns a higher rate."""
        discounts = self.agreement.discounts
        levers = tuple(
            LiveLever(each, predicate_of(each.when, self.fields)) for each in discounts.levers
        )
        return Levers(levers, discounts.lever_cap)

    @cached_property
    def customizations(self) -> Mapping[str, RowTable]:
        """Return the rows of every kind of customization that the agreement names."""
        rows = self.agreement.customizations.limits
        kinds = dict.fromkeys(row.kind for row in rows)
        return {
            kind: RowTable((self._customization(row) for row in rows if row.kind == kind), None)
            for kind in kinds
        }

    @cached_property
    def personas(self) -> tuple[tuple[Persona, Predicate], ...]:
        """Return the personas, first match first."""
        return tuple(
            (each, predicate_of(each.when, self.fields)) for each in self.agreement.personas
        )

    @cached_property
    def values(self) -> tuple[tuple[ValueProposition, Predicate], ...]:
        """Return the value propositions."""
        return tuple((each, predicate_of(each.when, self.fields)) for each in self.agreement.values)

    @cached_property
    def floor(self) -> Floor | None:
        """Return the margin floor."""
        return self.agreement.discounts.floor

    @cached_property
    def floor_grant(self) -> Grant | None:
        """Return who decides below the floor; a role on that rank or above needs nobody."""
        floor = self.floor
        if floor is None or floor.decides is None:
            return None
        return grants_of({floor.decides: floor.margin}, self.ranks)[0]

    @cached_property
    def zone(self) -> ZoneInfo:
        """Return the zone in which its days begin and end."""
        return ZoneInfo(self.agreement.company.time_zone)

    @cached_property
    def calendar(self) -> WorkCalendar:
        """Return the working hours in which answers are due."""
        return WorkCalendar.of(self.agreement.company)

    @cached_property
    def by_line(self) -> bool:
        """Tell whether each line is judged by itself."""
        return self.agreement.discounts.basis == "line"

    @cached_property
    def columns(self) -> frozenset[str]:
        """Return the columns on which an answer may turn, those of personas aside."""
        levers = [lever.predicate.columns for lever in self.levers.all]
        return self.kind_columns.union(self.rows.columns, *levers)

    @cached_property
    def kind_columns(self) -> frozenset[str]:
        """Return the columns on which it turns what is said to customizations."""
        return frozenset().union(*(table.columns for table in self.customizations.values()))

    @cached_property
    def persona_columns(self) -> frozenset[str]:
        """Return the columns on which it turns which persona a customer is."""
        return frozenset().union(*(predicate.columns for _, predicate in self.personas))

    @cached_property
    def tests(self) -> tuple[BoundTest, ...]:
        """Return every test that a decision may turn on."""
        predicates = [row.predicate for row in self.rows.rows]
        predicates += [lever.predicate for lever in self.levers.all]
        predicates += [
            row.predicate for table in self.customizations.values() for row in table.rows
        ]
        predicates += [predicate for _, predicate in self.personas]
        predicates += [predicate for _, predicate in self.values]
        return tuple(bound for predicate in predicates for bound in predicate.tests)

    @cached_property
    def attribute_kinds(self) -> Mapping[str, Kind]:
        """Return the kind that conditions expect of each attribute they read."""
        bound = (each.field for each in self.tests if "attr__" in each.field.column)
        return {field.column: field.kind for field in bound if field.kind}

    @cached_property
    def instants(self) -> tuple[str, ...]:
        """Return the columns with points in time that conditions read."""
        fields = (each.field for each in self.tests)
        return tuple(dict.fromkeys(field.column for field in fields if field.kind is Kind.INSTANT))

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """Return the column that a bare attribute stands for, where it is not the deal's own.

        A request names attributes before anybody knows whose they are.
        """
        bare = [name for name in self.fields.names if name.startswith("attr.")]
        columns = {attribute_column(name[5:]): self.fields.resolve(name).column for name in bare}
        return {stated: column for stated, column in columns.items() if stated != column}

    def persona_of(self, facts: Facts) -> str | None:
        """Return the first persona that is met, "" where surely none is, None where unknown."""
        for persona, predicate in self.personas:
            truth = predicate.truth(facts)
            if truth is None:
                return None
            if truth:
                return persona.id
        return ""

    def _live(self, row: Row) -> LiveRow:
        return LiveRow(
            row.clause,
            predicate_of(row.condition, self.fields),
            row.grants,
            {grant.roles[0]: grant.rate for grant in row.singles},
            row.kind,
            row.days,
            row.says,
            row.earns_levers,
        )

    def _customization(self, row: CustomizationRow) -> LiveRow:
        grants = grants_of(row.up_to, self.ranks)
        return LiveRow(
            f"customizations.limits.{row.id}",
            predicate_of(row.when, self.fields),
            grants,
            {grant.roles[0]: grant.rate for grant in grants if grant.is_single},
            says=row.says,
            quota=row.quota,
        )
