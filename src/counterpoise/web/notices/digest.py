"""The day's digest: what waits, what happened, and the head of the trail.

The first of a week opens with what features tell of the week: `open_week(user, now)` of their
`weekly.py` says it, and `mark_told` keeps, together with the digest, that it was told.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from counterpoise.web.audit.entries import head
from counterpoise.web.notices.models import Notice, Preference
from counterpoise.web.notices.telling import notify
from counterpoise.web.people.models import User
from counterpoise.web.places import Item, happenings_since, offered, waiting_for
from counterpoise.web.shell.templatetags.figures import day, moment

logger = logging.getLogger(__name__)

_DEFAULT_AT = dt.time(8)
_LATEST = dt.timedelta(hours=4)
_SHOWN = 10
_MINUTE = dt.timedelta(minutes=1)


def send_digests(now: dt.datetime) -> int:
    """Write the digests whose time has come on this day, once each; return how many.

    One that fails is logged and tried again at the next run; everybody else's goes out.
    """
    local = timezone.localtime(now)
    times = dict(Preference.objects.values_list("user_id", "digest_at"))
    written = 0
    key = f"digest:{local.date().isoformat()}"
    there = set(Notice.objects.filter(key=key).values_list("user_id", flat=True))
    for user in User.objects.filter(is_active=True, last_login__isnull=False):
        at = times.get(user.pk, _DEFAULT_AT)
        if user.pk not in there and at is not None and _is_time(local, at):
            written += _written(user, now, key)
    return written


def _written(user: User, now: dt.datetime, key: str) -> bool:
    try:
        return _write(user, now, key)
    except Exception:  # what fails for one person must not keep the others from being told
        logger.exception("digest not written", extra={"user_id": user.pk})
        return False


def _write(user: User, now: dt.datetime, key: str) -> bool:
    """Write a digest and what it told, both or neither; tell whether it was new."""
    openings = [found for opens in offered("weekly", "open_week") if (found := opens(user, now))]
    subject, text, url = _digest(user, now)
    if openings:
        parts = [_lines(each.title, each.lines) for each in openings]
        text = "\n\n".join([*filter(None, parts), text])
        subject = f"Your week in Counterpoise: {subject}" if any(parts) else subject
    with transaction.atomic():
        if notify(user, subject, text, url, key=key) is None:
            return False
        keys = [name for each in openings for name in each.keys]
        for mark in offered("weekly", "mark_told"):
            mark(user, keys, now)
    return True


def _is_time(local: dt.datetime, at: dt.time) -> bool:
    """Tell whether the time was reached, and not so long ago that the day is half over."""
    due = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return due <= local < due + _LATEST


def _digest(user: User, now: dt.datetime) -> tuple[str, str, str]:
    waits = waiting_for(user)
    happened = happenings_since(user, now - dt.timedelta(days=1))
    parts = [
        _lines("What waits for you", [_due(item) for item in waits[:_SHOWN]])
        or "Nothing waits for you.",
        _lines("Since yesterday", [item.says for item in happened[:_SHOWN]]),
    ]
    if any(item.at for item in waits[:_SHOWN]):
        parts.append(f"Hours are those of {timezone.get_current_timezone_name()}.")
    end = head()
    if user.is_administrator and end:
        parts.append(f"The head of the audit trail: {end}")
    subject = f"{len(waits)} waiting for you" if waits else "Your day in Counterpoise"
    return subject, "\n\n".join(part for part in parts if part), "/"


def _due(item: Item) -> str:
    """Return what waits and when it is due; what is due by the end of a day, with the day alone."""
    if item.at is None:
        return item.says
    local = timezone.localtime(item.at)
    last = local - _MINUTE
    is_by_day = (last.hour, last.minute) in {(23, 58), (23, 59)}
    return f"{item.says} ({day(last) if is_by_day else moment(local)})"


def _lines(title: str, says: Sequence[str]) -> str:
    return "\n".join([f"{title}:", *(f"- {each}" for each in says)]) if says else ""
