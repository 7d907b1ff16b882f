"""Figures of the past, rounded to what people write into agreements."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from counterpoise.agreement.quantities import format_rate


def round_up(rate: Decimal, step: Decimal) -> Decimal:
    """Return the next multiple of a step, or the rate where it is one.

    >>> round_up(Decimal("0.121"), Decimal("0.005"))
    Decimal('0.125')
    """
    return (rate / step).to_integral_value(ROUND_CEILING) * step


def round_down(rate: Decimal, step: Decimal) -> Decimal:
    """Return the multiple of a step before, or the rate where it is one.

    >>> round_down(Decimal("0.121"), Decimal("0.005"))
    Decimal('0.120')
    """
    return (rate / step).to_integral_value(ROUND_FLOOR) * step


def round_amount(amount: Decimal) -> Decimal:
    """Round up to two digits, as people write budgets.

    >>> round_amount(Decimal(41_792))
    Decimal('4.2E+4')
    """
    if amount <= 0:
        return Decimal(0)
    return round_up(amount, Decimal(1).scaleb(max(0, amount.adjusted() - 1)))


def one_digit(rate: Decimal) -> str:
    """Write a rate as a percentage with one digit.

    >>> one_digit(Decimal("0.1234"))
    '12.3%'
    """
    return format_rate(rate, 1)
