"""Thanks as a search finds them: those that a person said, and those that they got."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse

from counterpoise.web.people.models import User
from counterpoise.web.places import Hit
from counterpoise.web.shell.templatetags.figures import day
from counterpoise.web.thanks.models import Thank


def find(user: User, words: str, limit: int) -> Sequence[Hit]:
    """Return a person's own thanks in which every word stands, the latest first."""
    terms = words.split()
    if not terms:
        return ()
    met = Q(giver=user) | Q(taker=user)
    for term in terms:
        met &= (
            Q(says__icontains=term)
            | Q(giver__name__icontains=term)
            | Q(taker__name__icontains=term)
        )
    found = Thank.objects.filter(met).select_related("giver", "taker")[:limit]
    url = reverse("thanks:thanks")
    return [
        Hit(each.says, f"{each.giver} thanked {each.taker}, {day(each.at)}", url, "thank")
        for each in found
    ]
