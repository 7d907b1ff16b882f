"""Forgetting what a person was told, and by which address."""

from __future__ import annotations

from counterpoise.web.notices.models import Notice, Preference
from counterpoise.web.people.models import User


def forget(user: User) -> None:
    """Remove a person's notices and preference."""
    Notice.objects.filter(user=user).delete()
    Preference.objects.filter(user=user).delete()
