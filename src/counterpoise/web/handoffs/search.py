"""Leads as a search finds them: by id, account, deal or what they are about."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse

from counterpoise.web.desk.accounts import accounts_like
from counterpoise.web.handoffs.naming import state_text, title_of
from counterpoise.web.handoffs.rights import visible_to
from counterpoise.web.people.models import User
from counterpoise.web.places import Hit


def find(user: User, words: str, limit: int) -> Sequence[Hit]:
    """Return the leads that a search finds among those that open to a person."""
    typed = words.replace("\x00", "").strip()[:200]
    if not typed:
        return ()
    met = Q(lead_id__istartswith=typed) | Q(deal_id__iexact=typed) | Q(about__icontains=typed)
    met |= Q(account_id__in=[each.account_id for each in accounts_like(typed, limit)])
    found = visible_to(user).filter(met)[:limit]
    return [
        Hit(
            f"Lead of {title_of(each)}",
            state_text(each.state),
            reverse("handoffs:lead", args=[each.pk]),
            "lead",
        )
        for each in found
    ]
