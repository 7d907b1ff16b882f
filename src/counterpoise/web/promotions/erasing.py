"""Forgetting what a person wrote in their own words; what was asked and decided stays."""

from __future__ import annotations

from counterpoise.web.people.models import User
from counterpoise.web.promotions.models import AskedPromotion, PromotionAnswer


def forget(user: User) -> None:
    """Remove a person's notes and comments."""
    AskedPromotion.objects.filter(asker=user).exclude(note="").update(note="")
    PromotionAnswer.objects.filter(decided_by=user).exclude(comment="").update(comment="")
