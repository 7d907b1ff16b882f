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
from counterpoise.web.numbers import read_by, zone_read
from counterpoise.web.people.models import User
from counterpoise.web.places import Item, happenings_since, offered, waiting_for
from counterpoise.web.shell.templatetags.figures import day, moment
from counterpoise.web.zones import zone_of

logger = logging.getLogger(__name__)

_DEFAULT_AT = dt.time(8)
_LATEST = dt.timedelta(hours=4)
_SHOWN = 10
_MINUTE = dt.timedelta(minutes=1)


def send_digests(now: dt.datetime) -> int:
    """Write the digests whose time has come where their readers are, once each; return how many.

    One that fails is logged and tried again at the next run; everybody else's goes out.
    """
    times = dict(Preference.objects.values_list("user_id", "digest_at"))
    written = 0
    days = (now + dt.timedelta(days=each) for each in (-1, 0, 1))
    keys = [_key(each.astimezone(dt.UTC)) for each in days]
    there = set(Notice.objects.filter(key__in=keys).values_list("user_id", "key"))
    for user in User.objects.filter(is_active=True, last_login__isnull=False):
        local, at = (
            timezone.localtime(now, zone_of(user.time_zone)),
            times.get(user.pk, _DEFAULT_AT),
        )
        key = _key(local)
        if (user.pk, key) not in there and at is not None and _is_time(local, at):
            written += _written(user, now, key)
    return written


def _key(local: dt.datetime) -> str:
    """Return what the digest of a day is about; the day is that of its reader."""
    return f"digest:{local.date().isoformat()}"


def _written(user: User, now: dt.datetime, key: str) -> bool:
    try:
        with read_by(user):
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
    """Tell whether the time was reached, and not so long ago that the day is half over.

    An hour that the clocks leave out has come with the one after it.
    """
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
        parts.append(f"Hours are those of {zone_read()}.")
    end = head()
    if user.is_administrator and end:
        parts.append(f"The head of the audit trail: {end}")
    subject = f"{len(waits)} waiting for you" if waits else "Your day in Counterpoise"
    return subject, "\n\n".join(part for part in parts if part), "/"


def _due(item: Item) -> str:
    """Return what waits and when it is due; by the end of a day of the room, with that day."""
    if item.at is None:
        return item.says
    local = timezone.localtime(item.at)
    last = local - _MINUTE
    is_by_day = (last.hour, last.minute) in {(23, 58), (23, 59)}
    return f"{item.says} ({day(last.date()) if is_by_day else moment(local)})"


def _lines(title: str, says: Sequence[str]) -> str:
    return "\n".join([f"{title}:", *(f"- {each}" for each in says)]) if says else ""
