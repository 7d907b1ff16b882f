"""Who takes part in joint reviews: everybody of both sides; who signs for a side leads them."""

from __future__ import annotations

from collections.abc import Iterable

from counterpoise.agreement import Side
from counterpoise.errors import CounterpoiseError
from counterpoise.web.joint.models import Action, JointReview, Presence
from counterpoise.web.people.models import User


class NotYoursError(CounterpoiseError, PermissionError):
    """Somebody does to a joint review what is not theirs to do."""


def may_lead(user: User) -> bool:
    """Tell whether a person may plan, begin, close and skip reviews."""
    return user.is_active and user.may_sign


def refuse_unless_leading(user: User) -> None:
    """Refuse somebody who does not sign for a side.

    Raises:
        NotYoursError: If they do not.
    """
    if not may_lead(user):
        raise NotYoursError("Who signs for a side plans, begins, closes and skips joint reviews.")


def may_settle(user: User, action: Action) -> bool:
    """Tell whether a person may tick off or drop an action: its owner, or who leads."""
    return action.is_open and (action.owner_id == user.pk or may_lead(user))


def sides_there(review: JointReview) -> frozenset[Side]:
    """Return the sides of which somebody was there; who stands above both is of neither."""
    found = Presence.objects.filter(review=review, is_there=True)
    return sides_of(found)


def sides_of(presences: Iterable[Presence]) -> frozenset[Side]:
    """Return the sides of those who were there."""
    sides = frozenset(Side(each.side) for each in presences if each.is_there)
    return sides - {Side.BOTH}


def possible_owners() -> list[User]:
    """Return who may own an action: everybody in the room, by name."""
    return list(User.objects.filter(is_active=True).order_by("name", "pk"))
