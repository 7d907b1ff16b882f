"""Money in expressions: exact products and half-even rounding, on every engine."""

from __future__ import annotations

from decimal import Decimal

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir

MONEY = dt.Decimal(18, 4)
CENTS = dt.Decimal(18, 2)

ZERO = ibis.literal(Decimal(0), MONEY)
_CENT = ibis.literal(Decimal("0.01"), CENTS)


def narrow(value: ir.NumericValue, dtype: dt.Decimal = MONEY) -> ir.DecimalValue:
    """Cast to a decimal type, in the engine too.

    Ibis takes the sum or product of two DECIMAL(18,4) for another and leaves a cast to it out,
    where the engine has made a wider type; what is computed from that costs a hundred times as
    much.
    """
    narrowed: ir.DecimalValue = ops.Cast(value, to=dtype).to_expr()
    return narrowed


def product(left: ir.NumericValue, right: ir.NumericValue) -> ir.DecimalValue:
    """Multiply to money."""
    return narrow(left * right)


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
