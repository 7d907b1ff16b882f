"""Requests for promotions as a search finds them: by number, account or goods."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse

from counterpoise.web.desk.accounts import accounts_like
from counterpoise.web.people.models import User
from counterpoise.web.places import Hit
from counterpoise.web.promotions.models import AskedPromotion
from counterpoise.web.promotions.naming import promotion_title, state_text

_LARGEST_ID = 2**63 - 1


def find(user: User, words: str, limit: int) -> Sequence[Hit]:  # noqa: ARG001 - both sides see all
    """Return the requests that a search finds."""
    typed = words.replace("\x00", "").strip()
    if not typed:
        return ()
    met = Q(account_id__in=[each.account_id for each in accounts_like(typed, limit)])
    met |= Q(product_family__iexact=typed)
    number = typed.removeprefix("#")
    if number.isascii() and number.isdigit() and int(number) <= _LARGEST_ID:
        met |= Q(pk=int(number))
    return [
        Hit(
            promotion_title(each),
            f"{state_text(each.state)} · {each.starts_on} to {each.ends_on}",
            reverse("promotions:promotion", args=[each.pk]),
            "promotion",
        )
        for each in AskedPromotion.objects.filter(met)[:limit]
    ]
