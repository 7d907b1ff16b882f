"""Figures as people read them."""

from __future__ import annotations

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def money(amount: Decimal | float | None) -> str:
    """Write an amount without cents.

    >>> money(1234567.8)
    '1,234,568'
    >>> money(None)
    '–'
    """
    return "–" if amount is None else f"{amount:,.0f}"


@register.filter
def percent(rate: Decimal | float | None) -> str:
    """Write a rate with one digit.

    >>> percent(0.1834)
    '18.3%'
    """
    return "–" if rate is None else f"{rate:.1%}"
