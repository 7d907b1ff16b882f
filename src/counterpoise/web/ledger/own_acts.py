"""What a person did in the room for deals of others, some of which no books tell of."""

from __future__ import annotations

from collections.abc import Mapping

from counterpoise.ledger.helping import Helping
from counterpoise.web.people.models import User
from counterpoise.web.places import offered

MOST = 2_000
"""The most deals that are looked at, those of the latest acts."""


def own_acts(user: User) -> Mapping[Helping, frozenset[str]]:
    """Return the deals of a person's acts by how they help."""
    found: dict[Helping, frozenset[str]] = {}
    for acts in offered("helped", "helped_deals"):
        for how, deals in acts(user, MOST).items():
            found[how] = found.get(how, frozenset()) | frozenset(deals)
    return found
