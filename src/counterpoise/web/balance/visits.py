"""When a person was here before, so that the home page tells what is new to them."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from counterpoise.web.balance.models import Visit
from counterpoise.web.people.models import User

_ONE_VISIT = dt.timedelta(minutes=30)
"""Pages opened with less time between them belong to one visit."""
_AT_MOST = dt.timedelta(days=30)


def news_since(user: User) -> dt.datetime:
    """Return the instant from which on what happened is news to a person."""
    visit = Visit.objects.filter(user=user).first()
    earliest = timezone.now() - _AT_MOST
    if visit is None:
        return max(user.joined_at, earliest)
    is_new = timezone.now() - visit.seen_at >= _ONE_VISIT
    return max(visit.seen_at if is_new else visit.news_since, earliest)


def note_visit(user: User, *, all_is_seen: bool = False) -> None:
    """Note that a person is here; with `all_is_seen` nothing up to now is news any longer."""
    now = timezone.now()
    with transaction.atomic():
        visit = Visit.objects.select_for_update().filter(user=user).first()
        since = now if all_is_seen else news_since(user)
        if visit is None:
            Visit.objects.get_or_create(user=user, defaults={"seen_at": now, "news_since": since})
            return
        visit.seen_at, visit.news_since = now, since
        visit.save(update_fields=["seen_at", "news_since"])
