"""Who may draft, put points forward and sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterpoise.agreement import Side
from counterpoise.web.access import NotForYouError, signers_of

if TYPE_CHECKING:
    from counterpoise.web.people.models import User


def may_draft(user: User) -> bool:
    """Tell whether a person may draft, propose and negotiate: signers, administrators, the lead."""
    return user.may_sign or user.is_administrator or user.side == Side.BOTH


def must_draft(user: User) -> None:
    """Refuse a person who may not draft.

    Raises:
        NotForYouError: If they may not.
    """
    if not may_draft(user):
        raise NotForYouError(
            "Drafts are written and negotiated by those who sign for a side, by who stands above "
            "both, and by administrators. You may comment on what is proposed."
        )


def must_sign_for(user: User, side: Side) -> None:
    """Refuse a person who may not sign for a side.

    Raises:
        NotForYouError: If they may not.
    """
    sides = signers_of(user)
    if not sides:
        raise NotForYouError("You may not sign agreements. An administrator can change that.")
    if side not in sides:
        own = next(iter(sides))
        raise NotForYouError(f"You sign for {own}, so you cannot sign for {side}.")
