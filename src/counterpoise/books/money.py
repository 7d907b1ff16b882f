"""Money in expressions: exact products and half-even rounding, on every engine."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir

MONEY = dt.Decimal(18, 4)
CENTS = dt.Decimal(18, 2)

ZERO = ibis.literal(Decimal(0), MONEY)
V = TypeVar("V", bound=ir.Value)
_DIGITS = 18
_CENT = ibis.literal(Decimal("0.01"), CENTS)


def narrow(value: ir.NumericValue, dtype: dt.Decimal = MONEY) -> ir.DecimalValue:
    """Cast to a decimal type, in the engine too.

    Ibis takes the sum or product of two DECIMAL(18,4) for another and leaves a cast to it out,
    where the engine has made a wider type; what is computed from that costs a hundred times as
    much.
    """
    narrowed: ir.DecimalValue = ops.Cast(value, to=dtype).to_expr()
    return narrowed


def with_product(
    left: ir.DecimalValue, right: ir.DecimalValue, use: Callable[[ir.DecimalValue], V]
) -> V:
    """Return what is made of an exact product, however large.

    DuckDB keeps the product of two decimals of 18 digits to 18 digits and fails where it needs
    more; with a digit more to start from it takes a path that is many times as slow. So what is
    made of the product is made on the path that its size asks for.
    """
    scale = left.type().scale + right.type().scale
    size = (left.cast("float64") * right.cast("float64")).abs()
    is_small = size < 0.99 * 10 ** (_DIGITS - scale)
    made: V = ibis.ifelse(is_small, use(left * right), use(_wider(left) * _wider(right)))
    return made


def _wider(amount: ir.DecimalValue) -> ir.DecimalValue:
    return narrow(amount, dt.Decimal(_DIGITS + 1, amount.type().scale))


def product(left: ir.DecimalValue, right: ir.DecimalValue) -> ir.DecimalValue:
    """Multiply to money."""
    return with_product(left, right, narrow)


def to_cents(amount: ir.DecimalValue) -> ir.DecimalValue:
    """Round to cents, a half going to the even cent.

    Engines round a half away from zero when they narrow a decimal; where that landed on an odd
    cent, the even one lies a cent nearer to zero. Narrowing straight from a product keeps DuckDB
    on its fast path: a wider cast between costs two hundred times as much.
    """
    away = narrow(amount, CENTS)
    is_half = ((away - amount) + (away - amount)).abs() == _CENT
    is_odd = (away * 100).cast("int64") % 2 != 0
    nearer = ibis.ifelse(away > 0, (away - _CENT).cast(CENTS), (away + _CENT).cast(CENTS))
    return ibis.ifelse(is_half & is_odd, nearer, away).cast(MONEY)


def above_zero(amount: ir.DecimalValue) -> ir.DecimalValue:
    """Return the amount, 0 where it is negative, NULL where it is unknown."""
    return ibis.ifelse(amount <= ZERO, ZERO.cast(amount.type()), amount).cast(MONEY)


def smaller(left: ir.DecimalValue, right: ir.DecimalValue) -> ir.DecimalValue:
    """Return the smaller of two amounts, NULL where one is unknown (unlike most engines' LEAST)."""
    return ibis.ifelse(left <= right, left, right)
