"""Forgetting what a person wrote in their own words; that they wrote stays."""

from __future__ import annotations

from counterpoise.web.people.models import User
from counterpoise.web.tools.models import Message


def forget(user: User) -> None:
    """Remove a person's messages and answers. Tools are the company's and stay."""
    Message.objects.filter(sender=user).exclude(text="").update(text="")
    Message.objects.filter(settled_by=user).exclude(answer="").update(answer="")
