"""People of the room that a search finds, for administrators."""

from __future__ import annotations

from django.urls import reverse

from counterpoise.web.people.models import User
from counterpoise.web.people.roster import roster
from counterpoise.web.places import Hit


def find(user: User, words: str, limit: int) -> list[Hit]:
    """Return accounts whose name, address or role holds every word."""
    if not user.is_administrator:
        return []
    return [
        Hit(found.name, found.role or found.side, reverse("people:person", args=[found.pk]), "user")
        for found in roster(words)[:limit]
    ]
