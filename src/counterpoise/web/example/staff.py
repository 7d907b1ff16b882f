"""Who is in the room of a made-up company: the cast, and colleagues of theirs from the books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from counterpoise.agreement import Agreement, Side
from counterpoise.web.live import live
from counterpoise.web.people.cast import Member
from counterpoise.web.people.ladder import ladder_role
from counterpoise.web.people.models import User

_SELLERS_A_TEAM = 6
_TEAMS = 2
_MARKETERS = 9
_PARTS = ("lead", "manager", "rep", "marketer")


@dataclass(frozen=True)
class Staff:
    """The people who speak."""

    lead: User
    manager: User
    rep: User
    marketer: User
    sellers: Sequence[User]
    """Colleagues of the rep: the own team first, then another."""
    marketers: Sequence[User]
    """Colleagues of the marketer."""

    def of(self, person_id: str | None) -> User | None:
        """Return who somebody of the books is in the room."""
        everybody = (self.lead, self.manager, self.rep, self.marketer)
        found = (each for each in (*everybody, *self.sellers, *self.marketers))
        return next((each for each in found if person_id and each.person_id == person_id), None)


def staff_of(cast: Sequence[Member], agreement: Agreement) -> Staff | None:
    """Let colleagues in, and return everybody; None where a part of the cast is missing.

    Nobody can sign in as a colleague until an administrator invites them.
    """
    users = {member.part: member.user for member in cast}
    if not all(part in users for part in _PARTS):
        return None
    own = {part: users[part] for part in _PARTS}
    taken = {user.person_id for user in users.values()}
    free = [row for row in live().people() if row["active"] and row["person_id"] not in taken]
    return Staff(
        **own,
        sellers=[_user(row, agreement) for row in _sellers(free, own["rep"])],
        marketers=[_user(row, agreement) for row in _of(free, Side.MARKETING)[:_MARKETERS]],
    )


def _sellers(free: Sequence[Mapping[str, Any]], rep: User) -> list[Mapping[str, Any]]:
    """Return sellers of the rep's role from the rep's team and one more."""
    own = live().person(rep.person_id) or {}
    alike = [row for row in _of(free, Side.SALES) if row["role"] == own.get("role")]
    teams = dict.fromkeys([own.get("team"), *(row["team"] for row in alike)])
    return [
        row
        for team in list(teams)[:_TEAMS]
        for row in [each for each in alike if each["team"] == team][:_SELLERS_A_TEAM]
    ]


def _of(rows: Sequence[Mapping[str, Any]], side: Side) -> list[Mapping[str, Any]]:
    return [row for row in rows if row["side"] == side.value]


def _user(row: Mapping[str, Any], agreement: Agreement) -> User:
    name = str(row["name"])
    return User.objects.create_user(
        f"{'.'.join(name.lower().split())}@example.com",
        name=name,
        side=row["side"],
        role=ladder_role(row, agreement, live().attributes or None) or "",
        person_id=row["person_id"],
    )
