"""What a person may click about tools: use it, it helped, take it back; as pages show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from counterpoise.web.people.models import User
from counterpoise.web.tools.library import Card
from counterpoise.web.tools.models import Use
from counterpoise.web.tools.rights import may_use


@dataclass(frozen=True)
class Acts:
    """A tool, on a deal or none, and one's own use of it today."""

    card: Card
    deal_id: str
    use: Use | None
    may_use: bool
    back: str
    """The address to go back to."""


def acts_for(
    user: User, cards: Iterable[Card], deal_id: str, back: str, now: dt.datetime | None = None
) -> list[Acts]:
    """Return what a person may click about each tool on a deal."""
    shown = list(cards)
    today = timezone.localdate(now or timezone.now())
    found = Use.objects.filter(
        user=user, deal_id=deal_id, on=today, tool_id__in=[card.tool_id for card in shown]
    )
    mine = {use.tool_id: use for use in found} if may_use(user) and shown else {}
    return [Acts(card, deal_id, mine.get(card.tool_id), may_use(user), back) for card in shown]


def uses_on(deal_id: str) -> Sequence[Use]:
    """Return the uses of tools on a deal that were said in the room, the latest first."""
    return list(Use.objects.filter(deal_id=deal_id).select_related("user")) if deal_id else []
