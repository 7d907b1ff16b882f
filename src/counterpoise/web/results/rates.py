"""Which deals gave a rate within bounds, off their list: by multiplication, so exactly."""

from __future__ import annotations

from decimal import Decimal

import ibis
import ibis.expr.types as ir

from counterpoise.books.money import with_product
from counterpoise.books.packed import AT_LEAST, AT_MOST, millionths
from counterpoise.books.schema import Kind


def gave_at_least(deals: ir.Table, rate: Decimal) -> ir.BooleanValue:
    """Test that what a deal gave is no less than its list times a rate."""
    bound = millionths(rate)
    if bound is not None and AT_LEAST in deals.columns:
        return deals[AT_LEAST] >= bound
    given = deals.list_amount - deals.net_amount
    return with_product(deals.list_amount, _literal(rate), lambda asked: given >= asked)


def gave_at_most(deals: ir.Table, rate: Decimal) -> ir.BooleanValue:
    """Test that what a deal gave is no more than its list times a rate."""
    bound = millionths(rate)
    if bound is not None and AT_MOST in deals.columns:
        return deals[AT_MOST] <= bound
    given = deals.list_amount - deals.net_amount
    return with_product(deals.list_amount, _literal(rate), lambda asked: given <= asked)


def _literal(rate: Decimal) -> ir.DecimalScalar:
    return ibis.literal(rate, Kind.RATE.dtype)
