"""Whether the review that pages show knows deals, and a trade."""

from __future__ import annotations

from django import template

from counterpoise.web.results.reading import latest
from counterpoise.web.results.trade import is_trade_alone
from counterpoise.web.trade.reading import shelf_of

register = template.Library()


@register.simple_tag
def has_deals() -> bool:
    """Tell whether the ledger has anything to say of deals, or of what came before them."""
    kept = latest()
    return kept is not None and not is_trade_alone(kept)


@register.simple_tag
def has_trade() -> bool:
    """Tell whether there are pages of brands and accounts."""
    kept = latest()
    return kept is not None and shelf_of(kept) is not None
