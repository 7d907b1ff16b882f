"""Owners: who of marketing answers what a seller sends."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q

from counterpoise.agreement import Side
from counterpoise.web.people.models import User
from counterpoise.web.tools.library import agreement_today, cards
from counterpoise.web.tools.states import MessageState


def possible_owners() -> list[User]:
    """Return who may answer: those of marketing with a role on the ladder, else all of marketing.

    Whoever has least open stands first.
    """
    waiting = Count("tool_requests", filter=Q(tool_requests__state=MessageState.OPEN.value))
    found: list[User] = list(
        User.objects.filter(is_active=True, side=Side.MARKETING)
        .annotate(waiting=waiting)
        .order_by("waiting", "name", "pk")
    )
    agreement = agreement_today()
    ladder = set(agreement.ladder) if agreement else set()
    return [user for user in found if user.role in ladder] or found


def owner_for(product_family: str, among: Sequence[User] | None = None) -> User | None:
    """Return who answers: the one who made most tools of the family, else who has least open.

    Nobody where marketing has nobody in the room.
    """
    able = list(among) if among is not None else possible_owners()
    if not able:
        return None
    family = product_family.casefold()
    made = [
        card.owner_id for card in cards() if family and card.product_family.casefold() == family
    ]
    known = {user.pk: made.count(user.pk) for user in able}
    most = max(known.values())
    return next(user for user in able if known[user.pk] == most)
