"""Binding: a condition's names become fields, and its values take the kind of their field.

Both compilers of the desk start here, so that `employees: "50"` and `employees: 50`, or an account
written as a number, mean the same in each.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from counterpoise.agreement.conditions import (
    AnyOf,
    Compares,
    Condition,
    Equals,
    FieldTest,
    Not,
    Test,
    Value,
    Within,
    values_of,
    write_value,
)
from counterpoise.agreement.quantities import is_number, parse_number
from counterpoise.books.schema import Kind
from counterpoise.errors import CounterpoiseError

if TYPE_CHECKING:
    from counterpoise.agreement.fields import Field, Fields


class MismatchError(CounterpoiseError, ValueError):
    """A test compares a field with a value that the field cannot have."""

    def __init__(self, field: Field, value: Value) -> None:
        """Name the field, what it holds, and the value."""
        super().__init__(
            f"{field.path} is {_ARTICLES[field.kind or Kind.TEXT]}; {write_value(value)!r} is not"
        )


class OrderError(CounterpoiseError, ValueError):
    """A test asks for more or less of something that has no order."""

    def __init__(self, field: Field) -> None:
        """Name the field and what it holds."""
        super().__init__(
            f"{field.path} is {_ARTICLES[field.kind or Kind.TEXT]}, which has no more or less; "
            "name its values"
        )


_ARTICLES = {
    Kind.TEXT: "a text",
    Kind.INTEGER: "a whole number",
    Kind.NUMBER: "a number",
    Kind.MONEY: "an amount",
    Kind.RATE: "a rate",
    Kind.BOOLEAN: "true or false",
    Kind.DAY: "a day",
    Kind.INSTANT: "a day or a time",
}


@dataclass(frozen=True)
class BoundTest:
    """A field, of known kind, and a test whose values have that kind."""

    field: Field
    test: Test


def bind(condition: Condition, fields: Fields) -> tuple[BoundTest, ...]:
    """Resolve every field of a condition and give its values the field's kind.

    Raises:
        UnknownFieldError: If a field is not in scope.
        MismatchError: If a value cannot be one of the field.
        OrderError: If a field has no order and a test asks for one.

    >>> from counterpoise.agreement.fields import Fields
    >>> bind(Condition.parse({"account_id": 17}), Fields())[0].test
    Equals(value='17')
    """
    return tuple(bind_test(each, fields) for each in condition.tests)


def bind_test(asked: FieldTest, fields: Fields) -> BoundTest:
    """Resolve one field of a condition and give the test's values the field's kind.

    Raises:
        UnknownFieldError: If the field is not in scope.
        MismatchError: If a value cannot be one of the field.
        OrderError: If the field has no order and the test asks for one.
    """
    field = fields.resolve(asked.field)
    if field.kind is None:
        field = replace(field, kind=_kind_of(asked.test))
    return BoundTest(field, _typed(asked.test, field))


def _kind_of(test: Test) -> Kind:
    """Take an attribute's kind from what it is compared with, while no books tell it."""
    values = tuple(values_of(test))
    return (
        Kind.NUMBER if values and all(isinstance(value, Decimal) for value in values) else Kind.TEXT
    )


def _typed(test: Test, field: Field) -> Test:
    if field.kind is Kind.INSTANT and isinstance(test, Equals | Compares | Within):
        return _by_day(test, field)
    match test:
        case Equals(value):
            return Equals(_value(value, field))
        case Compares(operator, value):
            return Compares(operator, _ordered(value, field))
        case Within(low, high, with_low, with_high):
            return Within(_ordered(low, field), _ordered(high, field), with_low, with_high)
        case Not(inner):
            return Not(_typed(inner, field))
        case AnyOf(tests):
            return AnyOf(tuple(_typed(each, field) for each in tests))
    return test


def _by_day(test: Equals | Compares | Within, field: Field) -> Test:
    """Compare an instant by its day: `<= 2026-06-30` holds until that day is over."""
    match test:
        case Equals(value):
            return Within(_start(value, field), _end(value, field), with_low=True, with_high=False)
        case Compares("<" | ">=" as operator, value):
            return Compares(operator, _start(value, field))
        case Compares(operator, value):
            return Compares("<" if operator == "<=" else ">=", _end(value, field))
        case Within(low, high, with_low, with_high):
            return Within(
                _start(low, field) if with_low else _end(low, field),
                _end(high, field) if with_high else _start(high, field),
                with_low=True,
                with_high=False,
            )


def _start(value: Value, field: Field) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return value
    if not isinstance(value, dt.date):
        raise MismatchError(field, value)
    return dt.datetime.combine(value, dt.time())


def _end(value: Value, field: Field) -> dt.datetime:
    return _start(value, field) + dt.timedelta(days=1)


def _ordered(value: Value, field: Field) -> Value:
    if field.kind in (Kind.TEXT, Kind.BOOLEAN):
        raise OrderError(field)
    return _value(value, field)


def _value(value: Value, field: Field) -> Value:
    kind = field.kind or Kind.TEXT
    if kind is Kind.TEXT:
        return value if isinstance(value, str) else write_value(value)
    if kind is Kind.BOOLEAN and isinstance(value, bool):
        return value
    if kind is Kind.DAY and isinstance(value, dt.date):
        return value.date() if isinstance(value, dt.datetime) else value
    if kind.is_numeric and isinstance(value, Decimal):
        return value
    if kind.is_numeric and isinstance(value, str) and is_number(value):
        return parse_number(value)
    raise MismatchError(field, value)
