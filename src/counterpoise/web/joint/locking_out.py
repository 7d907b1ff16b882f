"""What lets a person's calendar be read without signing in, and ends with their other keys."""

from __future__ import annotations

from counterpoise.web.joint.feeds import drop_link
from counterpoise.web.people.models import User


def end_links(user: User, by: User) -> None:
    """Let a link that was made before a password changed, or an account was closed, end."""
    drop_link(user, by)
