"""Forgetting what a person wrote to both leads; there is nothing else of theirs to find."""

from __future__ import annotations

from counterpoise.web.people.models import User
from counterpoise.web.pulse.models import Participation, Words


def forget(user: User) -> None:
    """Remove a person's words, and that they took part in an open pulse."""
    Words.objects.filter(user=user).exclude(text="").update(text="")
    Participation.objects.filter(user=user).delete()
