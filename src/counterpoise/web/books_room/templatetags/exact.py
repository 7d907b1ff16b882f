"""Figures that a job kept as exact texts."""

from __future__ import annotations

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def exact(text: str | None) -> Decimal | None:
    """Read a figure that was kept as text.

    >>> exact("12.50"), exact(None)
    (Decimal('12.50'), None)
    """
    return None if text is None else Decimal(text)
