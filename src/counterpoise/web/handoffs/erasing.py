"""Forgetting what a person wrote in their own words; what happened to leads stays."""

from __future__ import annotations

from counterpoise.web.handoffs.models import Handoff, Happening
from counterpoise.web.people.models import User


def forget(user: User) -> None:
    """Remove a person's notes, comments, and whom they said leads are about."""
    Handoff.objects.filter(passed_by=user).exclude(note="", about="").update(note="", about="")
    Happening.objects.filter(actor=user).exclude(comment="").update(comment="")
