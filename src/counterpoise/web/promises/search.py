"""Promises of both sides as a search finds them; everybody reads them."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from counterpoise.web.people.models import User
from counterpoise.web.places import Hit
from counterpoise.web.promises.page import promised
from counterpoise.web.results.reading import latest


def find(user: User, words: str, limit: int) -> Sequence[Hit]:  # noqa: ARG001 - all read promises
    """Return the promises in which every word stands, as the last review measured them."""
    terms = words.casefold().split()
    if not terms:
        return ()
    url = reverse("promises:promises")
    return [
        Hit(each.says, f"Promise of {each.side} · {each.id} · {each.status}", url, "promise")
        for each in promised(latest())
        if all(term in f"{each.says} {each.id} {each.side}".casefold() for term in terms)
    ][:limit]
