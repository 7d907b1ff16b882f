"""How the desk's lists name requests and their states."""

from __future__ import annotations

from django import template

from counterpoise.web.desk.models import Request
from counterpoise.web.desk.naming import request_title, state_look, state_text

register = template.Library()


@register.filter
def title_of(request: Request) -> str:
    """Return what a request is about."""
    return request_title(request)


@register.filter
def state_words(state: str) -> str:
    """Return a state as people say it."""
    return state_text(state)


@register.filter
def look_of(state: str) -> str:
    """Return how a state looks."""
    return state_look(state)
