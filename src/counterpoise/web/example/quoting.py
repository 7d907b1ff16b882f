"""Cracks of a made-up company that both sides see, and their figures to quote."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from counterpoise.web.cracks.models import Crack
from counterpoise.web.cracks.naming import Naming
from counterpoise.web.cracks.page import page_of
from counterpoise.web.people.models import User
from counterpoise.web.results.reading import latest
from counterpoise.web.talk.quoting import Figure

_MEASURED = 1


def crack_of(kind: str) -> Crack | None:
    """Return the open crack of a kind with most at stake that names no single person."""
    found = Crack.objects.filter(kind=kind).select_related("seen__round")
    return next((each for each in found if each.is_open and not each.is_personal), None)


def measured(crack: Crack, reader: User, at: dt.datetime) -> dict[str, str]:
    """Return what a crack measured, as its page lets it be quoted at a moment."""
    page = page_of(crack, Naming(reader), latest(), 1)
    fact, name = page.facts[_MEASURED], f"crack:{crack.slug}"
    day = timezone.localdate(at)
    return Figure(
        fact.label,
        fact.value,
        fact.note,
        day=min(page.seen_on or day, day).isoformat(),
        source="Crack",
        url=reverse("cracks:crack", args=[crack.slug]),
        of=name,
        about=name,
    ).kept()
