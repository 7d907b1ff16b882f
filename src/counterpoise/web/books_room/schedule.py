"""When a source is imported next."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

_WEEK = 7


def next_after(now: dt.datetime, at: dt.time, weekday: int | None, zone: str) -> dt.datetime:
    """Return the next instant at which it is that time, on that day of the week if one is named.

    A time that the clock jumps over in spring comes an hour later that day.

    >>> utc = dt.timezone.utc
    >>> next_after(dt.datetime(2026, 6, 30, 12, tzinfo=utc), dt.time(6), None, "UTC").isoformat()
    '2026-07-01T06:00:00+00:00'
    >>> next_after(dt.datetime(2026, 6, 30, 5, tzinfo=utc), dt.time(6), 1, "UTC").isoformat()
    '2026-06-30T06:00:00+00:00'
    """
    local = now.astimezone(ZoneInfo(zone))
    for ahead in range(_WEEK + 1):
        day = local.date() + dt.timedelta(days=ahead)
        if weekday is not None and day.weekday() != weekday:
            continue
        due = dt.datetime.combine(day, at, ZoneInfo(zone)).astimezone(dt.UTC)
        if due > now:
            return due
    return (now + dt.timedelta(days=_WEEK)).astimezone(dt.UTC)
