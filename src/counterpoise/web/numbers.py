"""How numbers, days and hours are written for who reads the page, and what they type back.

Only what is shown follows the reader: working time, days that count and what is stored go by the
room's clock, whoever looks at them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, tzinfo
from enum import StrEnum
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from counterpoise.web.zones import zone_of


class Figures(StrEnum):
    """How thousands and decimals are set apart, by an example."""

    COMMA_POINT = "1,234.5"
    POINT_COMMA = "1.234,5"
    SPACE_COMMA = "1 234,5"
    APOSTROPHE_POINT = "1'234.5"


class Days(StrEnum):
    """How a day is written, by an example: the last of January."""

    NAMED = "31 Jan 2026"
    NAMED_MONTH_FIRST = "Jan 31, 2026"
    POINTS = "31.01.2026"
    SLASHES = "31/01/2026"
    MONTH_FIRST = "01/31/2026"
    ISO = "2026-01-31"


_WRITTEN = {
    Days.NAMED: "{day} {month} {year}",
    Days.NAMED_MONTH_FIRST: "{month} {day}, {year}",
    Days.POINTS: "{day:02}.{number:02}.{year}",
    Days.SLASHES: "{day:02}/{number:02}/{year}",
    Days.MONTH_FIRST: "{number:02}/{day:02}/{year}",
    Days.ISO: "{year}-{number:02}-{day:02}",
}
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_MARKS = {
    Figures.POINT_COMMA: str.maketrans(",.", ".,"),
    Figures.SPACE_COMMA: str.maketrans(",.", "\u202f,"),
    Figures.APOSTROPHE_POINT: str.maketrans(",", "’"),
}
_BY_POINTS = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d*)?", re.ASCII)
_reader: ContextVar[Figures] = ContextVar("reader", default=Figures.COMMA_POINT)
_days: ContextVar[Days] = ContextVar("days", default=Days.NAMED)
_zone: ContextVar[tzinfo | None] = ContextVar("zone", default=None)


class NumbersMiddleware:
    """Write numbers, days and hours as the person who is signed in reads them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request in the person's style."""
        with read_by(request.user):
            return self._get_response(request)


@contextmanager
def read_by(user: Any) -> Iterator[None]:
    """Write, in this block, as a person reads it; as the room does for who is not signed in."""
    token = _reader.set(Figures(getattr(user, "figures", Figures.COMMA_POINT)))
    days = _days.set(Days(getattr(user, "days", Days.NAMED)))
    zone = _zone.set(zone_of(getattr(user, "time_zone", "")))
    try:
        yield
    finally:
        _reader.reset(token)
        _days.reset(days)
        _zone.reset(zone)


def as_local(when: datetime) -> datetime:
    """Return an instant by the reader's clock; a naive one is of the room's."""
    if timezone.is_naive(when):
        when = timezone.make_aware(when)
    return timezone.localtime(when, _zone.get())


def zone_read() -> str:
    """Return the name of the zone by whose clock hours are shown."""
    zone = _zone.get()
    return str(zone) if zone else timezone.get_current_timezone_name()


def day_as_read(when: date) -> str:
    """Write a day in the style of the reader.

    >>> day_as_read(date(2026, 1, 5))
    '5 Jan 2026'
    """
    form, month = _WRITTEN[_days.get()], _MONTHS[when.month - 1]
    return form.format(day=when.day, number=when.month, month=month, year=when.year)


def as_read(write: Callable[..., str]) -> Callable[..., str]:
    """Let what a function writes follow the style of the reader."""

    @wraps(write)
    def written(*arguments: object) -> str:
        marks = _MARKS.get(_reader.get())
        text = write(*arguments)
        return text.translate(marks) if marks else text

    return written


def as_typed(text: str) -> str:
    """Return a number that somebody typed in their own style as programs read it.

    Only thousands set apart by points need it: everything else means the same in every style.
    """
    if _reader.get() is Figures.POINT_COMMA and _BY_POINTS.fullmatch(text.strip()):
        return text.strip().replace(".", "").replace(",", ".")
    return text
