"""Tools and messages as a search finds them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse

from counterpoise.web.people.models import User
from counterpoise.web.places import Hit
from counterpoise.web.tools.inbox import message_title
from counterpoise.web.tools.library import cards
from counterpoise.web.tools.lists import holds
from counterpoise.web.tools.models import Message


def find(user: User, words: str, limit: int) -> Sequence[Hit]:  # noqa: ARG001 - all read
    """Return the tools, requests and notes that hold every word."""
    typed = words.replace("\x00", "").split()
    if not typed:
        return ()
    found = [card for card in cards() if holds(card, " ".join(typed))][:limit]
    hits = [
        Hit(
            card.title,
            " · ".join(each for each in (card.kind, card.objection) if each) or "tool",
            reverse("tools:tool", args=[card.tool_id]),
            "tool",
        )
        for card in found
    ]
    met = Q()
    for word in typed:
        met &= Q(text__icontains=word) | Q(objection__icontains=word)
    sent = Message.objects.filter(met)[: max(0, limit - len(hits))]
    return hits + [
        Hit(
            message_title(each),
            f"{'request for a tool' if each.is_request else 'heard from a customer'}, {each.state}",
            reverse("tools:message", args=[each.pk]),
            "tool",
        )
        for each in sent
    ]
