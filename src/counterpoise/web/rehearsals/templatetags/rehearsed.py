"""How figures of a rehearsal are written."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from django import template

from counterpoise.agreement.wording import say_field
from counterpoise.report.wording import NOTHING
from counterpoise.web.numbers import as_read
from counterpoise.web.shell.templatetags.figures import short_money

register = template.Library()

_LARGE = 100


@register.filter
@as_read
def tenths(number: float | None) -> str:
    """Write a change with its sign and one digit; large ones without it.

    >>> tenths(3.24), tenths(-0.04), tenths(-1234.5), tenths(None)
    ('+3.2', '0.0', '−1,234', '–')
    """
    if number is None:
        return NOTHING
    digits = Decimal("0.1") if abs(number) < _LARGE else Decimal(1)
    exact = Decimal(str(number)).quantize(digits, rounding=ROUND_HALF_EVEN)
    sign = "+" if exact > 0 else "−" if exact < 0 else ""
    return f"{sign}{abs(exact):,}"


@register.filter
@as_read
def plain(number: float | None) -> str:
    """Write a number of any size with as many digits as it needs.

    >>> plain(12000.0), plain(0.0312), plain(-2.5), plain(None)
    ('12,000', '0.031', '−2.5', '–')
    """
    if number is None:
        return NOTHING
    exact = Decimal(str(number))
    whole = exact == exact.to_integral_value() or abs(exact) >= _LARGE
    digits = Decimal(1) if whole else Decimal("0.001") if abs(exact) < 1 else Decimal("0.1")
    written = f"{abs(exact).quantize(digits, rounding=ROUND_HALF_EVEN):,}"
    return f"−{written}" if exact < 0 else written


@register.filter
def signed_short(amount: float | None) -> str:
    """Write a change of an amount by its first three digits, with its sign.

    >>> signed_short(42043.2), signed_short(-1490), signed_short(None)
    ('+42.0k', '−1.49k', '–')
    """
    written: str = short_money(amount)
    return f"+{written}" if amount is not None and amount > 0 else written


@register.filter
def cause(name: str) -> str:
    """Say a recorded cause, named as conditions name a field.

    >>> cause("deal.competitor"), cause("account.segment"), cause("source")
    ('competitor', 'segment', 'source')
    """
    return say_field(name.removeprefix("deal.").removeprefix("account.")).replace("_", " ")
