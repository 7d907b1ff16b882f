"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from counterpoise.web import house
from counterpoise.web.places import places


def room(request: HttpRequest) -> dict[str, Any]:
    """Return the navigation that this person has, and the workspace's currency."""
    user = getattr(request, "user", None)
    is_administrator = bool(getattr(user, "is_administrator", False))
    shown = [place for place in places() if is_administrator or not place.is_for_administrators]
    return {"places": shown, "currency": house.workspace().currency}
