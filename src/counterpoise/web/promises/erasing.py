"""Forgetting why a person moved a budget, or declined to; that they did stays."""

from __future__ import annotations

from counterpoise.web.people.models import User
from counterpoise.web.promises.models import Transfer


def forget(user: User) -> None:
    """Remove a person's reasons."""
    Transfer.objects.filter(proposed_by=user).exclude(reason="").update(reason="")
    Transfer.objects.filter(settled_by=user).exclude(answer="").update(answer="")
