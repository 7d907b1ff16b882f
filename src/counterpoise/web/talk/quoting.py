"""Quotes of a figure: taken where it stands, kept as it was, with its day and where from.

A link beside a figure carries it sealed for who reads the page, so that nobody makes up a figure.
A figure of one person, or of a thing, opens to those alone to whom that person or thing does.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from base64 import b32decode, b32encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.crypto import constant_time_compare, salted_hmac

from counterpoise.errors import CounterpoiseError
from counterpoise.web.access import scope_of
from counterpoise.web.ledger.openness import opens_person
from counterpoise.web.people.models import User

_SEAL = "counterpoise.talk.quote"
_MAC_LETTERS = 32


class BrokenSealError(CounterpoiseError, ValueError):
    """A figure was not taken from a page, or by somebody else."""

    def __init__(self) -> None:
        super().__init__("This figure was not taken from a page of yours; quote it there again.")


@dataclass(frozen=True)
class Figure:
    """A figure as it was."""

    label: str
    value: str
    note: str = ""
    day: str = ""
    """The day that it is of, as written in ISO 8601; nothing where it is of none."""
    source: str = ""
    """The page that it stands on, in words."""
    url: str = ""
    of: str = ""
    """Whose it is, `person:R1` or the name of a thing, one a line; nothing where all see it."""
    about: str = ""
    """The thing in whose thread it belongs; nothing where it may be quoted anywhere."""

    @property
    def on(self) -> dt.date | None:
        """Return its day."""
        return dt.date.fromisoformat(self.day) if self.day else None

    def kept(self) -> dict[str, str]:
        """Return it as words keep it."""
        return asdict(self)


def seal(figure: Figure, user: User) -> str:
    """Return a figure sealed for a person, in small letters and digits.

    No id of something hidden can stand in it by chance: those are written otherwise.
    """
    told = json.dumps({**asdict(figure), "by": user.pk}, separators=(",", ":"))
    body = b32encode(zlib.compress(told.encode())).decode().rstrip("=").lower()
    return f"{body}-{_mac(body)}"


def unseal(token: str, user: User) -> Figure:
    """Return the figure that a person took from a page.

    Raises:
        BrokenSealError: If nobody took it, or somebody else did.
    """
    body, _, mac = token.partition("-")
    if not (body.isascii() and mac.isascii()) or not constant_time_compare(mac, _mac(body)):
        raise BrokenSealError
    padded = body.upper() + "=" * (-len(body) % 8)
    found: dict[str, Any] = json.loads(zlib.decompress(b32decode(padded)))
    if found.pop("by") != user.pk:
        raise BrokenSealError
    return Figure(**found)


def _mac(body: str) -> str:
    return salted_hmac(_SEAL, body, algorithm="sha256").hexdigest()[:_MAC_LETTERS]


def figure_of(quote: Mapping[str, str], user: User) -> Figure:
    """Return a kept figure as a person may read it."""
    figure = Figure(**quote)
    if not opens(figure, user):
        return Figure(figure.label, "", "a figure that does not open to you")
    return figure


def opens(figure: Figure, user: User) -> bool:
    """Tell whether a figure opens to a person."""
    return all(_opens(name, user) for name in figure.of.split("\n") if name)


def _opens(name: str, user: User) -> bool:
    from counterpoise.web.talk.things import thing_for

    kind, _, id_ = name.partition(":")
    if kind == "person":
        return opens_person(scope_of(user), id_)
    thing = thing_for(user, name)
    return thing is not None and not thing.is_shut
