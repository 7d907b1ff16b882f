"""Forgetting what a person wrote in their own words; what was found and done stays."""

from __future__ import annotations

from counterpoise.web.cracks.models import Act
from counterpoise.web.people.models import User


def forget(user: User) -> None:
    """Remove a person's answers and reasons."""
    Act.objects.filter(actor=user).exclude(text="").update(text="")
