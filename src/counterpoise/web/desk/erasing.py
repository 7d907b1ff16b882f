"""Forgetting what a person wrote in their own words; what was asked and decided stays."""

from __future__ import annotations

from counterpoise.web.desk.models import Answer, Request
from counterpoise.web.people.models import User


def forget(user: User) -> None:
    """Remove a person's notes and comments."""
    Request.objects.filter(asker=user).exclude(note="").update(note="")
    Answer.objects.filter(decided_by=user).exclude(comment="").update(comment="")
