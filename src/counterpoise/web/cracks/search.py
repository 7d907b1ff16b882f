"""Cracks as a search finds them: by the words that this reader may read, never by hidden names."""

from __future__ import annotations

from collections.abc import Sequence

from counterpoise.web.cracks.lines import line
from counterpoise.web.cracks.naming import Naming
from counterpoise.web.cracks.rights import visible_to
from counterpoise.web.people.models import User
from counterpoise.web.places import Hit


def find(user: User, words: str, limit: int) -> Sequence[Hit]:
    """Return the cracks whose kind or sentence, as the person reads them, holds every word."""
    terms = words.casefold().split()
    if not terms:
        return ()
    naming = Naming(user)
    found = []
    for crack in visible_to(user):
        shown = line(crack, naming)
        text = f"crack {shown.kind} {shown.says} {shown.state}".casefold()
        if all(term in text for term in terms):
            found.append(Hit(shown.says, f"{shown.kind} · {shown.state}", shown.url, "crack"))
        if len(found) == limit:
            break
    return found
