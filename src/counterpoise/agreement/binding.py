"""Binding: a condition's names become fields, and its values take the kind of their field.

Both compilers of the desk start here, so that `employees: "50"` and `employees: 50`, or an account
written as a number, mean the same in each.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from counterpoise.agreement.conditions import (
    AnyOf,
    Compares,
    Condition,
    Equals,
    Not,
    Test,
    Value,
    Within,
    values_of,
    write_value,
)
from counterpoise.agreement.fields import Field, Fields
from counterpoise.books.schema import Kind
from counterpoise.errors import CounterpoiseError


class MismatchError(CounterpoiseError, ValueError):
    """A test compares a field with a value that the field cannot have."""

    def __init__(self, field: Field, value: Value) -> None:
        """Name the field, what it holds, and the value."""
        super().__init__(
            f"{field.path} is {_ARTICLES[field.kind or Kind.TEXT]}; {write_value(value)!r} is not"
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

    >>> bind(Condition.parse({"account_id": 17}), Fields())[0].test
    Equals(value='17')
    """
    return tuple(_bind(each.field, each.test, fields) for each in condition.tests)


def _bind(name: str, test: Test, fields: Fields) -> BoundTest:
    field = fields.resolve(name)
    if field.kind is None:
        field = replace(field, kind=_kind_of(test))
    return BoundTest(field, _typed(test, field))


def _kind_of(test: Test) -> Kind:
    """Take an attribute's kind from what it is compared with, while no books tell it."""
    values = tuple(values_of(test))
    return (
        Kind.NUMBER if values and all(isinstance(value, Decimal) for value in values) else Kind.TEXT
    )


def _typed(test: Test, field: Field) -> Test:
    match test:
        case Equals(value) if field.kind is Kind.INSTANT:
            start = _value(value, field)
            assert isinstance(start, dt.datetime)
            return Within(start, start + dt.timedelta(days=1), with_low=True, with_high=False)
        case Equals(value):
            return Equals(_value(value, field))
        case Compares(operator, value):
            return Compares(operator, _value(value, field))
        case Within(low, high, with_low, with_high):
            return Within(_value(low, field), _value(high, field), with_low, with_high)
        case Not(inner):
            return Not(_typed(inner, field))
        case AnyOf(tests):
            return AnyOf(tuple(_typed(each, field) for each in tests))
    return test


def _value(value: Value, field: Field) -> Value:
    kind = field.kind
    if kind is Kind.TEXT:
        return value if isinstance(value, str) else write_value(value)
    if kind is Kind.BOOLEAN and isinstance(value, bool):
        return value
    if kind is Kind.INSTANT and isinstance(value, dt.date):
        return value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
    if kind is Kind.DAY and isinstance(value, dt.date):
        return value.date() if isinstance(value, dt.datetime) else value
    if kind is not None and kind.is_numeric and not isinstance(value, bool):
        try:
            return Decimal(value) if isinstance(value, str | Decimal) else _refuse(field, value)
        except InvalidOperation:
            _refuse(field, value)
    return _refuse(field, value)


def _refuse(field: Field, value: Value) -> Value:
    raise MismatchError(field, value)
