"""Placing: for each deal the agreement of its day, its persona, and the rows that may decide.

Everything here is one expression a column over the table of facts, so an engine needs one pass.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.document import Agreement
from counterpoise.agreement.fields import Fields, Scope
from counterpoise.agreement.versions import Version
from counterpoise.books.money import narrow
from counterpoise.books.schema import Kind
from counterpoise.desk.expressions import columns_of, condition_expr
from counterpoise.desk.rules import NumberedRow, Rules

_RATE = Kind.RATE.dtype
_NO_RATE = ibis.literal(Decimal(0), _RATE)


PLACED = (
    "version",
    "persona",
    "ladder_role",
    "first_row",
    "last_row",
    "possible",
    "levers_low",
    "levers_high",
)
"""The columns that placing adds."""


def place(facts: ir.Table, rules: Rules, fields: Fields) -> ir.Table:
    """Add what the chain needs to know of each deal.

    Grain kept. Adds `version` (number, NULL where no agreement is in force), `persona` ("" where
    surely none, NULL where unknown), `ladder_role` (NULL unknown), `first_row` and `last_row`
    (numbers of the rows between which the deciding one lies; equal where nothing is unknown),
    `possible` (a text with a 1 for every row of the version that may decide, NULL where no fact is
    missing), `levers_low` and `levers_high` (what levers add, unknown ones off and on).
    """
    facts = facts.mutate(version=version_expr(facts.day, rules.versions))
    facts = facts.mutate(
        persona=_by_version(
            facts, rules, lambda _, agreement: persona_expr(facts, agreement, fields), "string"
        ),
        ladder_role=_by_version(
            facts, rules, lambda _, agreement: role_expr(facts, agreement, fields), "string"
        ),
    )
    chains = [
        _Chain.of(facts, rules.chain(number), fields) for number in range(len(rules.versions))
    ]
    placed = facts.mutate(
        last_row=_by_version(facts, rules, lambda number, _: chains[number].last_row, "int64"),
        levers_low=_by_version(
            facts, rules, lambda _, each: _levers(facts, each, fields, unknown=False), _RATE
        ),
        levers_high=_by_version(
            facts, rules, lambda _, each: _levers(facts, each, fields, unknown=True), _RATE
        ),
    )
    first = _by_version(facts, rules, lambda number, _: chains[number].first_if_missing, "int64")
    possible = _by_version(facts, rules, lambda number, _: chains[number].possible, "string")
    return placed.mutate(first_row=ibis.coalesce(first, placed.last_row), possible=possible)


def _by_version(
    facts: ir.Table,
    rules: Rules,
    column: Callable[[int, Agreement], ir.Value],
    dtype: object,
) -> ir.Value:
    """Choose a column's expression by the deal's version; NULL where none is in force."""
    branches = [
        (facts.version == number, column(number, each.agreement))
        for number, each in enumerate(rules.versions)
    ]
    return ibis.cases(*branches, else_=ibis.null(dtype)) if branches else ibis.null(dtype)


def version_expr(day: ir.DateValue, versions: Sequence[Version]) -> ir.IntegerValue:
    """Return the number of the version in force on a day, NULL where none is."""
    branches = [(_in_force(day, each), number) for number, each in enumerate(versions)]
    nothing = ibis.null("int64")
    return (ibis.cases(*branches, else_=nothing) if branches else nothing).cast("int64")


def _in_force(day: ir.DateValue, version: Version) -> ir.BooleanValue:
    started = day >= ibis.literal(version.from_)
    return started if version.until is None else started & (day <= ibis.literal(version.until))


def persona_expr(facts: ir.Table, agreement: Agreement, fields: Fields) -> ir.StringValue:
    """Return the first persona that holds: "" where none does, NULL where one before is unknown."""
    branches: list[tuple[ir.BooleanValue, ir.Value]] = []
    for persona in agreement.personas:
        truth = condition_expr(persona.when, facts, fields)
        branches += [(truth, ibis.literal(persona.id)), (truth.isnull(), ibis.null("string"))]
    return ibis.cases(*branches, else_="") if branches else ibis.literal("")


def role_expr(
    facts: ir.Table, agreement: Agreement, fields: Fields, prefix: str = "owner__"
) -> ir.StringValue:
    """Return the ladder role of the person whose facts stand behind the prefix; NULL where unknown.

    A person holds the first role whose `people` condition they meet, else the one whose id equals
    their role, else the default role where there is one.
    """
    people = Fields(Scope.PERSON, fields.attributes)
    known = facts[f"{prefix}person_id"].notnull()
    spelt = facts[f"{prefix}role"].lower()
    met = [
        (known & condition_expr(role.people, facts, people, prefix), name)
        for name, role in agreement.roles.items()
        if role.people
    ]
    named = [(known & (spelt == name.lower()), name) for name in agreement.ladder]
    default = [(known, name) for name, role in agreement.roles.items() if role.default]
    return ibis.cases(*met, *named, *default[:1], else_=ibis.null("string"))


@dataclass(frozen=True)
class _Chain:
    """The rows of a version, whether each holds, and whether any fact that they turn on is missing.

    Conditions are made once for all that is asked of them; the end of the chain always holds.
    """

    rows: Sequence[NumberedRow]
    truths: Sequence[ir.BooleanValue]
    is_missing: ir.BooleanValue

    @classmethod
    def of(cls, facts: ir.Table, rows: Sequence[NumberedRow], fields: Fields) -> _Chain:
        """Make the conditions of rows, with their days."""
        truths = []
        for each in rows:
            truth = condition_expr(each.row.condition, facts, fields)
            if each.row.days:
                first, last = each.row.days
                truth = truth & facts.day.between(ibis.literal(first), ibis.literal(last))
            truths.append(truth)
        return cls(rows, truths, _any_missing(facts, rows, fields))

    @property
    def last_row(self) -> ir.IntegerValue:
        """Return the number of the first row that surely holds; nothing after it can decide."""
        return self._first(self.truths)

    @property
    def first_if_missing(self) -> ir.IntegerValue:
        """Return the number of the first row that may hold, where some fact is missing."""
        return ibis.ifelse(self.is_missing, self._first(self._maybe), ibis.null("int64"))

    @property
    def possible(self) -> ir.StringValue:
        """Write a 1 for every row that may hold, in order, where some fact is missing."""
        marks = [ibis.ifelse(truth, "1", "0") for truth in self._maybe]
        text = reduce(lambda written, mark: written.concat(mark), marks)
        return ibis.ifelse(self.is_missing, text, ibis.null("string"))

    @property
    def _maybe(self) -> list[ir.BooleanValue]:
        return [ibis.coalesce(truth, ibis.literal(True)) for truth in self.truths]

    def _first(self, truths: Sequence[ir.BooleanValue]) -> ir.IntegerValue:
        branches = zip(truths, (each.number for each in self.rows), strict=True)
        return ibis.cases(*branches).cast("int64")


def _any_missing(facts: ir.Table, rows: Sequence[NumberedRow], fields: Fields) -> ir.BooleanValue:
    """Tell whether any fact that the chain turns on is missing."""
    columns = columns_of((each.row.condition for each in rows), fields)
    missing = ibis.literal(False)
    for column in columns:
        missing = missing | (
            facts[column].isnull() if column in facts.columns else ibis.literal(True)
        )
    return missing


def _levers(
    facts: ir.Table, agreement: Agreement, fields: Fields, *, unknown: bool
) -> ir.DecimalValue:
    """Sum what the levers that hold add, up to the cap."""
    total = _NO_RATE
    for lever in agreement.discounts.levers:
        truth = ibis.coalesce(condition_expr(lever.when, facts, fields), ibis.literal(unknown))
        added = ibis.ifelse(truth, ibis.literal(lever.adds, _RATE), _NO_RATE)
        total = narrow(total + added, _RATE)
    cap = agreement.discounts.lever_cap
    if cap is None or not agreement.discounts.levers:
        return total
    return ibis.ifelse(total > ibis.literal(cap, _RATE), ibis.literal(cap, _RATE), total)
