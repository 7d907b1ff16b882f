"""The rows that open to a person."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from counterpoise.agreement import Side

if TYPE_CHECKING:
    from counterpoise.web.people.models import User


class Reach(StrEnum):
    """How far a person sees into the rows."""

    NOTHING = "nothing"
    OWN = "own"
    TEAM = "team"
    CAMPAIGNS = "campaigns"
    EVERYTHING = "everything"


@dataclass(frozen=True)
class Scope:
    """Whose deals and which campaigns' deals open; nobody else's do.

    `owners` are ids of people whose deals open, `campaigns` ids of campaigns whose deals do.
    """

    reach: Reach
    owners: frozenset[str] = frozenset()
    campaigns: frozenset[str] = field(default_factory=frozenset)

    @property
    def key(self) -> str:
        """Return what caches and exports of this scope are kept under."""
        named = "|".join([self.reach, *sorted(self.owners), "", *sorted(self.campaigns)])
        return hashlib.sha256(named.encode()).hexdigest()[:16]

    def opens(self, owner_id: str | None, campaign_ids: frozenset[str] = frozenset()) -> bool:
        """Tell whether a deal of this owner, touched by these campaigns, opens."""
        if self.reach is Reach.EVERYTHING:
            return True
        return owner_id in self.owners or bool(self.campaigns & campaign_ids)


EVERYTHING = Scope(Reach.EVERYTHING)
NOTHING = Scope(Reach.NOTHING)


def scope_of(user: User) -> Scope:
    """Return the rows that open to a user, from the people and campaigns of the books in use."""
    from counterpoise.web.live import live

    if user.side == Side.BOTH:
        return EVERYTHING
    if not user.person_id:
        return NOTHING
    if user.side == Side.MARKETING:
        campaigns = live().campaigns_of(user.person_id)
        return Scope(Reach.CAMPAIGNS, frozenset({user.person_id}), campaigns)
    team = live().people_under(user.person_id)
    reach = Reach.TEAM if team else Reach.OWN
    return Scope(reach, frozenset({user.person_id}) | team)
