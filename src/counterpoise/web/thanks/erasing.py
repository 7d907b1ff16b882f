"""Forgetting a person's thanks: they are the words of two people, and may name either."""

from __future__ import annotations

from django.db.models import Q

from counterpoise.web.people.models import User
from counterpoise.web.thanks.models import Thank, Told


def forget(user: User) -> None:
    """Remove what a person thanked for and was thanked for, and what digests told them."""
    Thank.objects.filter(Q(giver=user) | Q(taker=user)).delete()
    Told.objects.filter(user=user).delete()
