"""The day's digest: what waits, what happened, and the head of the trail."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from counterpoise.web.audit.entries import head
from counterpoise.web.notices.models import Preference
from counterpoise.web.notices.telling import notify
from counterpoise.web.people.models import User
from counterpoise.web.places import Item, happenings_since, waiting_for

_DEFAULT_AT = dt.time(8)
_LATEST = dt.timedelta(hours=4)
_SHOWN = 10


def send_digests(now: dt.datetime) -> int:
    """Write the digests whose time has come on this day, once each; return how many."""
    local = timezone.localtime(now)
    times = dict(Preference.objects.values_list("user_id", "digest_at"))
    written = 0
    for user in User.objects.filter(is_active=True, last_login__isnull=False):
        at = times.get(user.pk, _DEFAULT_AT)
        if at is not None and _is_time(local, at):
            key = f"digest:{local.date().isoformat()}"
            written += notify(user, *_digest(user, now), key=key) is not None
    return written


def _is_time(local: dt.datetime, at: dt.time) -> bool:
    """Tell whether the time was reached, and not so long ago that the day is half over."""
    due = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return due <= local < due + _LATEST


def _digest(user: User, now: dt.datetime) -> tuple[str, str, str]:
    waits = waiting_for(user)
    happened = happenings_since(user, now - dt.timedelta(days=1))
    parts = [
        _part("What waits for you", waits) or "Nothing waits for you.",
        _part("Since yesterday", happened),
    ]
    end = head()
    if user.is_administrator and end:
        parts.append(f"The head of the audit trail: {end}")
    subject = f"{len(waits)} waiting for you" if waits else "Your day in Counterpoise"
    return subject, "\n\n".join(part for part in parts if part), "/"


def _part(title: str, items: list[Item]) -> str:
    lines = [f"- {item.says}" for item in items[:_SHOWN]]
    return "\n".join([f"{title}:", *lines]) if lines else ""
