"""Words as a search finds them, where their thing opens."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from counterpoise.web.people.models import User
from counterpoise.web.places import Hit
from counterpoise.web.shell.templatetags.figures import day
from counterpoise.web.talk.models import Words
from counterpoise.web.talk.things import Thing, caller_for, thing_for
from counterpoise.web.talk.titles import url_of, words_title

_LOOKED_AT = 20
"""So many times as many words are looked at as are shown, since many may not open."""


def find(user: User, words: str, limit: int) -> Sequence[Hit]:
    """Return what was said that holds every word, the latest first."""
    typed = words.replace("\x00", "").split()
    if not typed:
        return ()
    met = Q(withdrawn_at=None)
    for word in typed:
        met &= Q(text__icontains=word)
    found = Words.objects.filter(met).select_related("author").order_by("-at", "-pk")
    things: dict[str, Thing | None] = {}
    hits: list[Hit] = []
    for each in found[: limit * _LOOKED_AT]:
        if each.thing not in things:
            things[each.thing] = thing_for(user, each.thing)
        thing = things[each.thing]
        if thing is None or thing.is_shut:
            continue
        called = caller_for(user, thing)
        told = f"{called(each.author)} about {thing.label}, {day(each.at)}"
        hits.append(Hit(words_title(each, called), told, url_of(thing, each), "talk"))
        if len(hits) == limit:
            break
    return hits
