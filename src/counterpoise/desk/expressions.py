"""Conditions as Ibis expressions: the second compiler of the one condition tree.

SQL's NULL is the third truth value, and its AND, OR and NOT are Kleene's, so a missing fact stays
unknown without further care.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import reduce
from operator import and_, or_

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from counterpoise.agreement.binding import BoundTest, bind
from counterpoise.agreement.conditions import (
    COMPARISONS,
    AnyOf,
    Anything,
    Compares,
    Condition,
    Equals,
    Missing,
    Not,
    Test,
    Value,
    Within,
)
from counterpoise.agreement.fields import Fields
from counterpoise.books.schema import Kind

_STORED_SCALE = 4
_WIDE = dt.Decimal(38, 10)


def condition_expr(
    condition: Condition, facts: ir.Table, fields: Fields, prefix: str = ""
) -> ir.BooleanValue:
    """Return the condition over a table of facts: true, false, or NULL where unknown.

    A field without a column in the table is missing in every row. A prefix finds the facts of an
    entity that was joined behind it (`owner__`).
    """
    return _all(tuple(_bound_expr(bound, facts, prefix) for bound in bind(condition, fields)))


def columns_of(
    conditions: Iterable[Condition], fields: Fields, prefix: str = ""
) -> tuple[str, ...]:
    """Return the columns on which conditions turn, each once."""
    bound = (each for condition in conditions for each in bind(condition, fields))
    return tuple(dict.fromkeys(prefix + each.field.column for each in bound))


def _all(truths: Sequence[ir.BooleanValue]) -> ir.BooleanValue:
    return reduce(and_, truths, ibis.literal(True)) if truths else ibis.literal(True)


def _bound_expr(bound: BoundTest, facts: ir.Table, prefix: str) -> ir.BooleanValue:
    kind = bound.field.kind or Kind.TEXT
    column = prefix + bound.field.column
    fact = facts[column] if column in facts.columns else ibis.null(kind.dtype)
    return _test_expr(bound.test, fact, kind)


def _test_expr(test: Test, fact: ir.Value, kind: Kind) -> ir.BooleanValue:
    match test:
        case Anything():
            return ibis.literal(True)
        case Missing():
            return fact.isnull()
        case Not(inner):
            return ~_test_expr(inner, fact, kind)
        case AnyOf(tests) if all(isinstance(each, Equals) for each in tests):
            return fact.isin(
                [_literal(each.value, kind) for each in tests if isinstance(each, Equals)]
            )
        case AnyOf(tests):
            return reduce(or_, (_test_expr(each, fact, kind) for each in tests))
        case Equals(value):
            return fact == _literal(value, kind)
        case Compares(operator, value):
            return COMPARISONS[operator](fact, _literal(value, kind))
        case Within(low, high, with_low, with_high):
            above, below = (
                COMPARISONS[">=" if with_low else ">"],
                COMPARISONS["<=" if with_high else "<"],
            )
            return above(fact, _literal(low, kind)) & below(fact, _literal(high, kind))


def _literal(value: Value, kind: Kind) -> ir.Scalar:
    """Write a value in the narrowest type that holds it, so that columns are not widened."""
    if not isinstance(value, Decimal):
        return ibis.literal(value, kind.dtype)
    if (
        kind is Kind.INTEGER
        and value == value.to_integral_value()
        and abs(value) < Decimal(2) ** 62
    ):
        return ibis.literal(int(value), dt.int64)
    exponent = value.normalize().as_tuple().exponent
    narrow = (
        isinstance(exponent, int) and -exponent <= _STORED_SCALE and abs(value) < Decimal(10) ** 13
    )
    return ibis.literal(value, dt.Decimal(18, _STORED_SCALE) if narrow else _WIDE)
