"""Forgetting a person: their calendar link, and the drafts of notes that they alone wrote.

Minutes are both sides' and stay, with the name gone from them wherever the room shows it.
"""

from __future__ import annotations

from counterpoise.web.joint.models import Feed, Revision
from counterpoise.web.joint.states import ReviewState
from counterpoise.web.people.models import User


def forget(user: User) -> None:
    """Remove a person's link and their versions of notes of reviews that are closed."""
    Feed.objects.filter(user=user).delete()
    closed = Revision.objects.filter(by=user).exclude(point__review__state=ReviewState.OPEN)
    closed.exclude(text="").update(text="")
