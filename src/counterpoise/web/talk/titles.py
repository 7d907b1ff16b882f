"""Words in one line, and the address at which they stand."""

from __future__ import annotations

from collections.abc import Callable

from counterpoise.web.people.models import User
from counterpoise.web.talk import mentions
from counterpoise.web.talk.models import Words
from counterpoise.web.talk.things import Thing, url_of_words

_LONGEST = 80


def words_title(words: Words, called: Callable[[User], str] = str) -> str:
    """Return the beginning of words, in one line; a file or a figure alone is called so."""
    ids = mentions.ids_in([words.text])
    people = User.objects.in_bulk(ids) if ids else {}
    said = " ".join(mentions.typed_again(words.text, people, called).split())
    if len(said) > _LONGEST:
        return f"{said[: _LONGEST - 1].rstrip()}…"
    return said or ("a figure" if words.quote else "a file")


def url_of(thing: Thing, words: Words) -> str:
    """Return where words stand in their thread."""
    return url_of_words(thing.name, words.pk)
