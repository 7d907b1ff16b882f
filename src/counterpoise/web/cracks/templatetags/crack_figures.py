"""Figures of rows whose columns nobody knew beforehand."""

from __future__ import annotations

from django import template

from counterpoise.web.numbers import as_read

register = template.Library()

_EXACT = 100
"""From here on a number is written without a part."""


@register.filter
@as_read
def figure(value: float) -> str:
    """Write a number: small ones with two digits, large ones whole.

    >>> figure(3430), figure(2.345), figure(3), figure(1234.5)
    ('3,430', '2.35', '3', '1,234')
    """
    if float(value).is_integer() or abs(value) >= _EXACT:
        return f"{value:,.0f}"
    return f"{value:,.2f}"
