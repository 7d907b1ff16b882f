"""A named cast: one account a role, from a company's books, for a first look and for tests."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from counterpoise.agreement import Agreement, Side
from counterpoise.books.lookup import Lookup
from counterpoise.web.people.ladder import ladder_role
from counterpoise.web.people.models import User

Row = Mapping[str, Any]

_WORDS = 4
_SYLLABLES = (
    "ba be bi bo da de di do fa fe fo ga go ka ke ki ko la le li lo ma me mi mo na ne".split()
)


@dataclass(frozen=True)
class Member:
    """One account of the cast, with the password that was made for it."""

    part: str
    """`lead`, `manager`, `rep`, `marketer`, `analyst` or `stranger`."""
    user: User
    password: str


@dataclass(frozen=True)
class _Part:
    side: Side
    role: str
    person: Row
    is_administrator: bool = False
    may_sign: bool = False


def make_cast(
    books: Lookup,
    agreement: Agreement,
    make_password: Callable[[], str] | None = None,
) -> list[Member]:
    """Make one account for each part that the company fills; those that exist stay as they are.

    Args:
        books: The people and campaigns of the company.
        agreement: Whose ladder they stand on.
        make_password: How passwords are made; by default at random.
    """
    made = make_password or _spoken_password
    with transaction.atomic():
        there = set(User.objects.values_list("email", flat=True))
        return [
            Member(name, _user(name, part, password := made()), password)
            for name, part in _parts(books, agreement)
            if _address(name) not in there
        ]


def _address(name: str) -> str:
    return f"{name}@example.com"


def _user(name: str, part: _Part, password: str) -> User:
    return User.objects.create_user(
        _address(name),
        password,
        name=part.person.get("name") or name.title(),
        side=part.side,
        role=part.role,
        person_id=part.person.get("person_id") or "",
        is_administrator=part.is_administrator,
        may_sign=part.may_sign,
    )


def _parts(books: Lookup, agreement: Agreement) -> Iterator[tuple[str, _Part]]:
    company = _Company(books, agreement)
    lead = company.take(Side.BOTH)
    manager = company.take(Side.SALES, lambda row: len(books.people_under(row["person_id"])))
    team = books.people_under(manager["person_id"]) if manager else frozenset()
    rep = company.take(Side.SALES, lambda row: int(row["person_id"] in team), is_high=False)
    marketer = company.take(Side.MARKETING, lambda row: len(books.campaigns_of(row["person_id"])))
    lowest = company.roles(Side.SALES)[:1]
    yield "lead", _Part(Side.BOTH, company.role_of(lead, Side.BOTH), lead, may_sign=True)
    yield "manager", _Part(Side.SALES, company.role_of(manager, Side.SALES), manager, may_sign=True)
    yield "rep", _Part(Side.SALES, company.role_of(rep, Side.SALES), rep)
    role = company.role_of(marketer, Side.MARKETING)
    yield "marketer", _Part(Side.MARKETING, role, marketer, may_sign=True)
    yield "analyst", _Part(Side.BOTH, "", {"name": "Ana Lyst"}, is_administrator=True)
    yield "stranger", _Part(Side.SALES, "".join(lowest), {"name": "Stran Ger"})


class _Company:
    """Who in the books stands where on an agreement's ladder, each taken once."""

    def __init__(self, books: Lookup, agreement: Agreement) -> None:
        self._agreement = agreement
        self._people = [row for row in books.people() if row.get("active") is not False]
        self._attributes = books.attributes or None
        self._taken: set[str] = set()

    def roles(self, side: Side) -> list[str]:
        """Return the roles of a side, lowest first."""
        return [name for name, role in self._agreement.roles.items() if role.side is side]

    def role_of(self, person: Row, side: Side) -> str:
        """Return the role that a person holds, else the highest of their side."""
        found = ladder_role(person, self._agreement, self._attributes) if person else None
        return found or "".join(self.roles(side)[-1:])

    def take(
        self, side: Side, weight: Callable[[Row], int] = lambda _: 0, *, is_high: bool = True
    ) -> Row:
        """Return who weighs most of those highest, or lowest, on a side; empty for nobody."""
        order = self.roles(side)

        def rank(row: Row) -> tuple[int, int]:
            role = self.role_of(row, side)
            step = order.index(role) if role in order else -1
            return (step if is_high else -step, weight(row))

        there = [
            row
            for row in self._people
            if row.get("side") == side.value and row["person_id"] not in self._taken
        ]
        found = max(there, key=rank, default={})
        self._taken |= {found["person_id"]} if found else set()
        return found


def _spoken_password() -> str:
    """Make a password that can be read out, with some 57 bits."""
    return "-".join("".join(secrets.choice(_SYLLABLES) for _ in range(3)) for _ in range(_WORDS))
