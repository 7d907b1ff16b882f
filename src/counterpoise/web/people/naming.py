"""Whether a name that somebody gives themselves may pass for somebody else's."""

from __future__ import annotations

import unicodedata

from django.db.models import Q

from counterpoise.web.people.models import User

_JOINERS = "\u200c\u200d"
"""Letters of some scripts need them, though nobody sees them."""


def holds_hidden_marks(name: str) -> bool:
    r"""Tell whether a name holds what is not seen: marks that turn the line round, or are nothing.

    >>> [holds_hidden_marks(name) for name in ("Mona \u202e", "Mo\u200bna", "Zoë")]
    [True, True, False]
    """
    return any(
        unicodedata.category(each) in {"Cc", "Cf", "Co", "Zl", "Zp"} and each not in _JOINERS
        for each in name
    )


def is_anothers(user: User, name: str) -> bool:
    """Tell whether a name is how somebody else in the room is called, in full."""
    wanted = _as_seen(name)
    return any(wanted in {_as_seen(each.name), _as_seen(each.pseudonym)} for each in _others(user))


def is_anothers_first(user: User, name: str) -> bool:
    """Tell whether a name is the first name of somebody else, and not one's own."""
    wanted = _as_seen(name)
    own = _as_seen(user.name).partition(" ")[0]
    firsts = {_as_seen(each.name).partition(" ")[0] for each in _others(user)}
    return wanted != own and wanted in firsts


def _others(user: User) -> list[User]:
    return list(User.objects.filter(~Q(pk=user.pk), is_active=True).only("name", "pseudonym"))


def _as_seen(name: str) -> str:
    """Return a name as it looks, whatever its letters are made of."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    seen = "".join(each for each in plain if unicodedata.category(each) != "Cf")
    return " ".join(seen.split())
