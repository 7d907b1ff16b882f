"""Thanks as programs read them."""

from __future__ import annotations

from typing import Any

from counterpoise.web.people.models import User
from counterpoise.web.thanks.deed import Deed
from counterpoise.web.thanks.models import Thank


def deed_object(deed: Deed, *, is_thanked: bool) -> dict[str, Any]:
    """Return something that was done for a person."""
    return {
        "key": deed.key,
        "says": deed.says,
        "url": deed.url,
        "at": deed.at.isoformat(),
        "by": _person(deed.by) if deed.by else None,
        "is_thanked": is_thanked,
    }


def thank_object(thank: Thank) -> dict[str, Any]:
    """Return thanks that were said."""
    return {
        "giver": _person(thank.giver),
        "taker": _person(thank.taker),
        "says": thank.says,
        "url": thank.url,
        "at": thank.at.isoformat(),
    }


def _person(user: User) -> dict[str, Any]:
    return {"id": user.pk, "name": str(user)}
