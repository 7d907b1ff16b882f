"""Terms: what a customer could give back, so that more may be given in return.

A bundle is a set of levers (or a row that turns on the same fields) and the values that the deal
must then have, over fields that the deal itself controls. Bundles are made once an agreement.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, combinations
from typing import Any, NamedTuple

from counterpoise.agreement.binding import BoundTest
from counterpoise.agreement.conditions import Value, holds, values_of
from counterpoise.books.schema import Kind
from counterpoise.desk.authority import LiveLever, Ready
from counterpoise.desk.decision import Need
from counterpoise.desk.predicates import Facts, Predicate, Truthful, predicate_of_tests

_ALWAYS_CONTROLLED = frozenset({"term_months", "payment"})
_ALL_SUBSETS = 4
_PAIRS = 6


class Ask(NamedTuple):
    """A field that must have a value, and how to tell that it serves already."""

    column: str
    need: Need
    serves: Truthful


@dataclass(frozen=True)
class Bundle:
    """What a set of levers, or one row, asks of the deal.

    `given` is what the deal must meet by itself; `members` are the levers that it is made of.
    """

    members: frozenset[int]
    asks: tuple[Ask, ...]
    given: Truthful

    def changes(self, facts: Facts) -> dict[str, Need] | None:
        """Return what would have to change, by column; None where it would not help."""
        if self.given(facts) is not True:
            return None
        return {ask.column: ask.need for ask in self.asks if ask.serves(facts) is not True} or None


@dataclass(frozen=True)
class Bundles:
    """The bundles of an agreement, those of fewer levers first."""

    all: tuple[Bundle, ...]
    columns: frozenset[str]

    @classmethod
    def of(cls, ready: Ready) -> Bundles:
        """Make the bundles of an agreement."""
        levers = ready.levers.all
        controlled = controlled_columns(levers)
        parts = [_part(lever.predicate, controlled) for lever in levers]
        useful = [at for at, (asked, _) in enumerate(parts) if asked]
        bundles = [
            bundle
            for members in _subsets(useful)
            if (bundle := _bundle(members, [parts[at] for at in members]))
        ]
        rows = (row for row in ready.rows.rows if row.grants)
        for row in rows:
            asked, given = _part(row.predicate, controlled)
            if asked and (bundle := _bundle((), [(asked, given)])):
                bundles.append(bundle)
        return cls(tuple(bundles), controlled)


def controlled_columns(levers: Iterable[LiveLever]) -> frozenset[str]:
    """Return the columns that a deal controls: term, payment, and attributes that levers read."""
    read = frozenset(chain.from_iterable(lever.predicate.columns for lever in levers))
    return _ALWAYS_CONTROLLED | {column for column in read if column.startswith("attr__")}


Part = tuple[tuple[BoundTest, ...], tuple[BoundTest, ...]]


def _part(predicate: Predicate, controlled: frozenset[str]) -> Part:
    """Split a condition into what the deal controls and what it must meet by itself."""
    asked = tuple(each for each in predicate.tests if each.field.column in controlled)
    return asked, tuple(each for each in predicate.tests if each.field.column not in controlled)


def _subsets(levers: list[int]) -> Iterator[tuple[int, ...]]:
    sizes: Iterable[int] = range(1, len(levers) + 1)
    if len(levers) > _ALL_SUBSETS:
        sizes = (1, 2, len(levers)) if len(levers) <= _PAIRS else (1, len(levers))
    return chain.from_iterable(combinations(levers, size) for size in sizes)


def _bundle(members: tuple[int, ...], parts: list[Part]) -> Bundle | None:
    """Make a bundle, or None where no value serves all its levers."""
    by_column: dict[str, list[BoundTest]] = {}
    for asked, _ in parts:
        for bound in asked:
            by_column.setdefault(bound.field.column, []).append(bound)
    asks: list[Ask] = []
    for column, tests in by_column.items():
        value = serving(tests)
        if value is None:
            return None
        serves = predicate_of_tests(tuple(tests)).truth
        asks.append(Ask(column, Need(_path(tests[0]), value), serves))
    given = tuple(bound for _, rest in parts for bound in rest)
    return Bundle(frozenset(members), tuple(asks), predicate_of_tests(given).truth)


def _path(bound: BoundTest) -> str:
    path = bound.field.path
    return path.removeprefix("deal.")


def serving(tests: Iterable[BoundTest]) -> Value | None:
    """Return a value that passes every test, None where none is found.

    It is a value that a test names, or the next one beyond it.
    """
    every = list(tests)
    for bound in every:
        for value in values_of(bound.test):
            for candidate in _around(value, bound.field.kind):
                if all(holds(each.test, candidate) for each in every):
                    return candidate
    return None


def _around(value: Value, kind: Kind | None) -> Iterator[Value]:
    yield value
    if isinstance(value, Decimal):
        steps = (Decimal(1),) if kind is Kind.INTEGER else (Decimal(1), Decimal("0.01"))
        for step in steps:
            yield value + step
            yield value - step
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, dt.date):
        yield value + dt.timedelta(days=1)
        yield value - dt.timedelta(days=1)


def given_terms(facts: Facts, changes: Mapping[str, Need]) -> dict[str, Any]:
    """Return facts with the needs met."""
    changed = dict(facts)
    for column, need in changes.items():
        changed[column] = need.value
    return changed
