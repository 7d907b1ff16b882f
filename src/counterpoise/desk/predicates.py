"""Conditions as plain Python functions: the first compiler of the one condition tree.

A predicate takes the facts of one deal or line and answers true, false, or None where a missing
fact decides. It is made once an agreement and called for every request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from counterpoise.agreement.binding import BoundTest, bind
from counterpoise.agreement.conditions import (
    AnyOf,
    Anything,
    Compares,
    Condition,
    Equals,
    Missing,
    Test,
    Truth,
    Within,
    holds,
)
from counterpoise.agreement.fields import Fields

Facts = Mapping[str, Any]
"""What is known of a deal or a line: column → value, a missing or None value is unknown."""

Truthful = Callable[[Facts], Truth]
"""A condition, or one test of it, over facts."""

DEAL_FIELDS = Fields()
"""The fields of a deal where no books say which attributes there are."""


@dataclass(frozen=True)
class Predicate:
    """A condition that can be asked of facts, and the columns that it reads."""

    truth: Truthful
    tests: tuple[BoundTest, ...] = ()

    @property
    def columns(self) -> frozenset[str]:
        """Return the columns whose facts decide."""
        return frozenset(bound.field.column for bound in self.tests)


def predicate_of(condition: Condition, fields: Fields = DEAL_FIELDS) -> Predicate:
    """Compile a condition.

    Raises:
        UnknownFieldError: If a field is not in scope.
        MismatchError: If a value cannot be one of its field.

    >>> large = predicate_of(Condition.parse({"list_amount": ">= 50000"}))
    >>> large.truth({"list_amount": 60000}), large.truth({})
    (True, None)
    """
    return predicate_of_tests(bind(condition, fields))


def predicate_of_tests(tests: tuple[BoundTest, ...]) -> Predicate:
    """Compile tests that must all hold; without any the predicate always does."""
    return Predicate(_all_of(tuple(map(test_function, tests))), tests)


def _all_of(tests: tuple[Truthful, ...]) -> Truthful:
    """Join tests with Kleene's and; the first that is false decides."""
    if not tests:
        return _always
    if len(tests) == 1:
        return tests[0]

    def conjunction(facts: Facts) -> Truth:
        result: Truth = True
        for test in tests:
            truth = test(facts)
            if truth is None:
                result = None
            elif not truth:
                return False
        return result

    return conjunction


def _always(_: Facts) -> Truth:
    return True


def test_function(bound: BoundTest) -> Truthful:
    """Compile one test to a function of the facts."""
    column = bound.field.column
    match bound.test:
        case Anything():
            return _always
        case Missing():
            return lambda facts: facts.get(column) is None
        case Equals(value):
            return _member(column, frozenset([value]))
        case AnyOf() if words := words_of(bound.test):
            return _member(column, words)
        case Compares(operator, value):
            return _comparison(column, operator, value)
        case Within(low, high, True, True):
            return _closed_range(column, low, high)
    return _general(column, bound.test)


def words_of(test: Test) -> frozenset[Any]:
    """Return the values of a test that names values and nothing else, else the empty set."""
    match test:
        case Equals(value):
            return frozenset([value])
        case AnyOf(tests) if all(isinstance(each, Equals) for each in tests):
            return frozenset(each.value for each in tests if isinstance(each, Equals))
    return frozenset()


def _member(column: str, words: frozenset[Any]) -> Truthful:
    def member(facts: Facts) -> Truth:
        fact = facts.get(column)
        return None if fact is None else fact in words

    return member


def _closed_range(column: str, low: Any, high: Any) -> Truthful:
    def inside(facts: Facts) -> Truth:
        fact = facts.get(column)
        return None if fact is None else low <= fact <= high

    return inside


def _comparison(column: str, operator: str, value: Any) -> Truthful:
    def at_least(facts: Facts) -> Truth:
        fact = facts.get(column)
        return None if fact is None else fact >= value

    def above(facts: Facts) -> Truth:
        fact = facts.get(column)
        return None if fact is None else fact > value

    def at_most(facts: Facts) -> Truth:
        fact = facts.get(column)
        return None if fact is None else fact <= value

    def below(facts: Facts) -> Truth:
        fact = facts.get(column)
        return None if fact is None else fact < value

    return {">=": at_least, ">": above, "<=": at_most, "<": below}[operator]


def _general(column: str, test: Test) -> Truthful:
    return lambda facts: holds(test, facts.get(column))
