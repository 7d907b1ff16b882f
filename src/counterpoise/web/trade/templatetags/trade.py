"""Whether the review that pages show knows a trade."""

from __future__ import annotations

from django import template

from counterpoise.web.results.reading import latest
from counterpoise.web.trade.reading import shelf_of

register = template.Library()


@register.simple_tag
def has_trade() -> bool:
    """Tell whether there are pages of brands and accounts."""
    kept = latest()
    return kept is not None and shelf_of(kept) is not None
