"""Pulses as a search finds them: by their name alone, nothing of what was said."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from counterpoise.web.people.models import User
from counterpoise.web.places import Hit
from counterpoise.web.pulse.models import Pulse
from counterpoise.web.shell.templatetags.figures import day


def find(user: User, words: str, limit: int) -> Sequence[Hit]:  # noqa: ARG001 - all may know of them
    """Return the pulses in whose name every word stands, the latest first."""
    terms = words.casefold().split()
    if not terms:
        return ()
    named = ((f"Pulse of {day(each.first_on)}", each) for each in Pulse.objects.all()[:200])
    url = reverse("pulse:pulse")
    return [
        Hit(name, "Open for answers" if each.is_open else "Counted", url, "pulse")
        for name, each in named
        if all(term in name.casefold() for term in terms)
    ][:limit]
