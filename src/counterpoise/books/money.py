"""Money in expressions: exact products and half-even rounding, on every engine."""

from __future__ import annotations

from decimal import Decimal

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

MONEY = dt.Decimal(18, 4)
PRODUCT = dt.Decimal(38, 10)

_WHOLE_CENTS = dt.Decimal(18, 2)

ZERO = ibis.literal(Decimal(0), MONEY)


def times(left: ir.NumericValue, right: ir.NumericValue) -> ir.DecimalValue:
    """Multiply exactly, as DECIMAL(38,10)."""
    return (left * right).cast(PRODUCT)


def to_cents(amount: ir.DecimalValue) -> ir.DecimalValue:
    """Round to cents, a half going to the even cent.

    Written with floor alone, because engines round halves differently.
    """
    scaled = (amount * ibis.literal(Decimal(100), PRODUCT)).cast(PRODUCT)
    whole = scaled.floor().cast(PRODUCT)
    rest = (scaled - whole).cast(PRODUCT)
    half = ibis.literal(Decimal("0.5"), PRODUCT)
    is_odd = whole.cast("int64") % 2 != 0
    up = (rest > half) | ((rest == half) & is_odd)
    cents = (whole + ibis.ifelse(up, 1, 0).cast(PRODUCT)).cast(_WHOLE_CENTS)
    return (cents * ibis.literal(Decimal("0.01"), _WHOLE_CENTS)).cast(MONEY)


def above_zero(amount: ir.DecimalValue) -> ir.DecimalValue:
    """Return the amount, 0 where it is negative, NULL where it is unknown."""
    return ibis.ifelse(amount <= ZERO, ZERO.cast(amount.type()), amount).cast(MONEY)


def smaller(left: ir.DecimalValue, right: ir.DecimalValue) -> ir.DecimalValue:
    """Return the smaller of two amounts, NULL where one is unknown (unlike most engines' LEAST)."""
    return ibis.ifelse(left <= right, left, right)
