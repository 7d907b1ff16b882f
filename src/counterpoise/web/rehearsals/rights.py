"""Who may keep candidates, ask for estimates and attach them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterpoise.agreement import Side
from counterpoise.web.access import NotForYouError, Reach, scope_of
from counterpoise.web.agreements.rights import may_draft

if TYPE_CHECKING:
    from counterpoise.web.people.models import User


def may_rehearse(user: User) -> bool:
    """Tell whether a person may: those who draft, marketers, and managers of sellers.

    Moving rates and reading what others kept is for everybody, as agreements are.
    """
    if may_draft(user) or user.side == Side.MARKETING:
        return True
    return scope_of(user).reach is Reach.TEAM


def must_rehearse(user: User) -> None:
    """Refuse a person who may not.

    Raises:
        NotForYouError: If they may not.
    """
    if not may_rehearse(user):
        raise NotForYouError(
            "Candidates are kept and estimated by managers, marketers, those who draft and those "
            "above both sides. You may move the rates and read what is kept."
        )
