"""Forgetting what a person was told, and by which address."""

from __future__ import annotations

from django.utils import timezone

from counterpoise.web.notices.models import Notice, Preference
from counterpoise.web.notices.sending import forget_words
from counterpoise.web.people.models import User


def forget(user: User) -> None:
    """Remove a person's notices and preference, and what others were told, which may quote them."""
    Notice.objects.filter(user=user).delete()
    Preference.objects.filter(user=user).delete()
    forget_words(timezone.now())
