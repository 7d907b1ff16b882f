"""Requests as a search finds them: by number, deal or account."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse

from counterpoise.web.desk.accounts import accounts_like
from counterpoise.web.desk.naming import request_title, state_text
from counterpoise.web.desk.requests import visible_to
from counterpoise.web.people.models import User
from counterpoise.web.places import Hit

_LARGEST_ID = 2**63 - 1


def find(user: User, words: str, limit: int) -> Sequence[Hit]:
    """Return the requests that a search finds among those that open to a person."""
    typed = words.replace("\x00", "").strip()
    if not typed:
        return ()
    met = Q(deal_id__iexact=typed)
    met |= Q(account_id__in=[each.account_id for each in accounts_like(typed, limit)])
    number = typed.removeprefix("#")
    if number.isascii() and number.isdigit() and int(number) <= _LARGEST_ID:
        met |= Q(pk=int(number))
    found = visible_to(user).filter(met)[:limit]
    return [
        Hit(
            request_title(each),
            state_text(each.state),
            reverse("desk:request", args=[each.pk]),
            "request",
        )
        for each in found
    ]
