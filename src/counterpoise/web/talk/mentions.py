"""People named in words: `@name` as it is typed, a mark with their id as it is kept.

Kept words hold no name, so that who is erased, or prefers a pseudonym, is called accordingly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import accumulate, islice

from django.utils.html import format_html, urlize
from django.utils.safestring import SafeString, mark_safe

from counterpoise.web.people.models import User
from counterpoise.web.talk.things import readers_of

_MARK = re.compile(r"⟦(\d+)⟧")
_AT = re.compile(r"(?<![\w@])@(?=\w)")
_MOST = 8
"""So many names are offered at once."""


def candidates(thing: str, typed: str, called: Callable[[User], str]) -> list[str]:
    """Return which names one that is being typed may mean, of those who may open the thing.

    Names of a crack stand in their own order: that of the accounts would tell whose they are.
    """
    wanted = typed.casefold().strip()
    found = (called(user) for user in readers_of(thing))
    names = found if called is str else sorted(found, key=str.casefold)
    return list(islice((name for name in names if _begins(name, wanted)), _MOST))


def marked(
    text: str, readers: Iterable[User], called: Callable[[User], str] = str
) -> tuple[str, list[User]]:
    """Return words with marks for the people named, and these; a name that fits nobody stays.

    Of several names that fit, the longest is meant; a first name does where one person has it.

    >>> ada, bo = User(pk=7, name="Ada Love"), User(pk=8, name="Bo Ash")
    >>> marked("Ask @ada love, not @Bo or @Cy.", [ada, bo])[0]
    'Ask ⟦7⟧, not ⟦8⟧ or @Cy.'
    """
    clean = text.replace("⟦", "[").replace("⟧", "]")
    if not _AT.search(clean):
        return clean, []
    names = _names(readers, called)
    kept, met, at = [], {}, 0
    for found in _AT.finditer(clean):
        if found.start() < at:
            continue
        name = _longest(clean[found.end() :].casefold(), names)
        if name is not None:
            user = names[name]
            met[user.pk] = user
            kept += [clean[at : found.start()], f"⟦{user.pk}⟧"]
            at = found.end() + _letters(clean[found.end() :], name)
    return "".join([*kept, clean[at:]]), list(met.values())


def typed_again(text: str, people: Mapping[int, User], called: Callable[[User], str]) -> str:
    """Return kept words as somebody would type them."""
    return _MARK.sub(lambda met: f"@{_name(met[1], people, called)}", text)


def shown(text: str, people: Mapping[int, User], called: Callable[[User], str]) -> SafeString:
    """Return kept words as a page shows them, with names and addresses to follow."""
    parts, at = [], 0
    for met in _MARK.finditer(text):
        name = _name(met[1], people, called)
        parts += [_linked(text[at : met.start()])]
        parts += [format_html('<span class="talk-name">@{}</span>', name)]
        at = met.end()
    return mark_safe("".join([*parts, _linked(text[at:])]))  # noqa: S308 - each part is escaped


def ids_in(texts: Iterable[str]) -> set[int]:
    """Return the ids of everybody whom kept words name.

    >>> sorted(ids_in(["Ask ⟦7⟧ and ⟦12⟧", "⟦7⟧"]))
    [7, 12]
    """
    return {int(met) for text in texts for met in _MARK.findall(text)}


def _linked(text: str) -> str:
    return urlize(text, nofollow=True, autoescape=True)


def _name(pk: str, people: Mapping[int, User], called: Callable[[User], str]) -> str:
    user = people.get(int(pk))
    return called(user) if user else "somebody"


def _names(readers: Iterable[User], called: Callable[[User], str]) -> dict[str, User]:
    """Return who is meant by each name in small letters; one that two people have means nobody."""
    whole: dict[str, list[User]] = {}
    parts: dict[str, list[User]] = {}
    for user in readers:
        name = called(user).casefold()
        whole.setdefault(name, []).append(user)
        parts.setdefault(name.partition(" ")[0], []).append(user)
    every = [*parts.items(), *whole.items()]
    return {name: users[0] for name, users in every if len(users) == 1 and name}


def _longest(text: str, names: Mapping[str, User]) -> str | None:
    """Return the longest name with which a text begins, ending where a word ends."""
    fits = (name for name in names if text.startswith(name) and _ends(text, len(name)))
    return max(fits, key=len, default=None)


def _letters(text: str, name: str) -> int:
    """Return how many letters of a text say the name that it begins with: ß is two small ones."""
    reached = accumulate(len(letter.casefold()) for letter in text)
    return next(count for count, length in enumerate(reached, 1) if length >= len(name))


def _ends(text: str, at: int) -> bool:
    return at == len(text) or not (text[at].isalnum() or text[at] == "_")


def _begins(name: str, wanted: str) -> bool:
    told = name.casefold()
    return told.startswith(wanted) or any(word.startswith(wanted) for word in told.split())
