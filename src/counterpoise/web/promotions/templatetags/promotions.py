"""How templates name promotions and their states."""

from __future__ import annotations

from django import template

from counterpoise.web.promotions import naming
from counterpoise.web.promotions.models import AskedPromotion

register = template.Library()

_LOOKS = {
    "open": "wait",
    "granted": "good",
    "approved": "good",
    "refused": "bad",
    "countered": "wait",
}


@register.filter
def promotion_title(promotion: AskedPromotion) -> str:
    """Return what a promotion is about."""
    return naming.promotion_title(promotion)


@register.filter
def promotion_state(state: str) -> str:
    """Return a state as people say it."""
    return naming.state_text(state)


@register.filter
def promotion_look(state: str) -> str:
    """Return how a state looks."""
    return _LOOKS.get(state, "quiet")
