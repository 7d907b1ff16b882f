"""Rehearsals as a search finds them: by their title and the names of their candidates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.urls import reverse

from counterpoise.web.places import Hit
from counterpoise.web.rehearsals.models import Rehearsal

if TYPE_CHECKING:
    from counterpoise.web.people.models import User

_LATEST = 500


def find(user: User, words: str, limit: int) -> Sequence[Hit]:  # noqa: ARG001 - open to everybody
    """Return the rehearsals that hold every word, the latest first."""
    terms = words.casefold().split()
    if not terms:
        return ()
    known = Rehearsal.objects.prefetch_related("candidates")[:_LATEST]
    found = (each for each in known if _holds(each, terms))
    return [_hit(each) for each, _ in zip(found, range(limit), strict=False)]


def _holds(rehearsal: Rehearsal, terms: Sequence[str]) -> bool:
    names = " ".join(each.name for each in rehearsal.candidates.all())
    text = f"rehearsal {rehearsal.title} {names}".casefold()
    return all(term in text for term in terms)


def _hit(rehearsal: Rehearsal) -> Hit:
    names = ", ".join(each.name for each in rehearsal.candidates.all())
    where = reverse("rehearsals:rehearsal", args=[rehearsal.pk])
    return Hit(rehearsal.title, names or rehearsal.base_label, where, "rehearsal")
