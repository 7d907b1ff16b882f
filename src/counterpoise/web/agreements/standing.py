"""Who stands where on the ladder: people of the books, and who signs in with that role."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from counterpoise.agreement import Agreement, Side, fingerprint
from counterpoise.books.lookup import Lookup
from counterpoise.web.live import live
from counterpoise.web.people.ladder import ladder_role
from counterpoise.web.people.models import User

_SHOWN = 8


@dataclass(frozen=True)
class Rung:
    """A role with the people who hold it: some names, and how many more there are."""

    name: str
    side: Side
    people: tuple[str, ...]
    more: int
    users: tuple[str, ...]


def rungs_of(agreement: Agreement) -> list[Rung]:
    """Return the ladder, lowest first, with who stands on it."""
    found = holders(agreement)
    users: dict[str, list[str]] = defaultdict(list)
    named = User.objects.filter(is_active=True).exclude(role="").order_by("name", "id")
    for name, role in named.values_list("name", "role"):
        users[role].append(name)
    return [
        Rung(
            name,
            role.side,
            tuple(found.get(name, ())[:_SHOWN]),
            max(0, len(found.get(name, ())) - _SHOWN),
            tuple(users[name]),
        )
        for name, role in agreement.roles.items()
    ]


def holders(agreement: Agreement) -> Mapping[str, tuple[str, ...]]:
    """Return the names of active people in the books by the role that they hold."""
    lookup = live()
    return _holders(lookup, agreement, f"{lookup.snapshot} {fingerprint(agreement)}")


_kept: dict[str, Mapping[str, tuple[str, ...]]] = {}


def _holders(lookup: Lookup, agreement: Agreement, key: str) -> Mapping[str, tuple[str, ...]]:
    if key not in _kept:
        found: dict[str, list[str]] = defaultdict(list)
        for person in lookup.people():
            role = ladder_role(person, agreement, lookup.attributes or None)
            if role and person.get("active") is not False:
                found[role].append(person.get("name") or person["person_id"])
        if len(_kept) > 16:
            _kept.clear()
        _kept[key] = {role: tuple(sorted(names)) for role, names in found.items()}
    return _kept[key]


def roles_in_books() -> frozenset[str] | None:
    """Return the roles that people have in the books; None before the first import."""
    lookup = live()
    if not lookup.snapshot:
        return None
    return _roles(lookup)


@lru_cache(maxsize=2)
def _roles(lookup: Lookup) -> frozenset[str]:
    return frozenset(person["role"] for person in lookup.people() if person.get("role"))
