"""When the next joint review is held: once a stretch of the agreement's rhythm, on a working day.

The hour is wall time of the workspace: a review at ten stays at ten when the clocks change, and
everybody's calendar shows the same instant.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from counterpoise.agreement.document import Agreement, Company
from counterpoise.agreement.quantities import Period
from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.desk.customization import period_of

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class When:
    """The weekday and the hour at which reviews are held, by the wall clock."""

    weekday: int
    """0 is Monday."""
    at: dt.time


@dataclass(frozen=True)
class Slot:
    """The review of one stretch."""

    first: dt.date
    last: dt.date
    starts_at: dt.datetime
    """UTC."""


def slots(agreement: Agreement, when: When, zone: ZoneInfo, today: dt.date) -> Iterator[Slot]:
    """Yield the review of the stretch that a day lies in, and of each after it, without an end.

    A stretch without a working day has none.
    """
    every, company = agreement.review.every, agreement.company
    first, last = period_of(today, every, company.fiscal_year_starts)
    while True:
        on = held_on(first, last, every, when.weekday, company)
        if on is not None:
            yield Slot(first, last, instant(on, when.at, zone))
        first, last = period_of(last + _DAY, every, company.fiscal_year_starts)


def held_on(
    first: dt.date, last: dt.date, every: Period, weekday: int, company: Company
) -> dt.date | None:
    """Return the day of a stretch on which its review is held; None without a working day.

    It is the first such weekday, the working day after it where nobody works, and the one before
    where none follows in the stretch.

    >>> week = dt.date(2026, 5, 25), dt.date(2026, 5, 31)
    >>> held_on(*week, Period.WEEK, 0, Company(working_time={"holidays": "DE"}))
    datetime.date(2026, 5, 26)
    """
    calendar = WorkCalendar.of(company)
    wanted = first
    if every is not Period.DAY:
        wanted += ((weekday - first.weekday()) % 7) * _DAY
    days = [first + number * _DAY for number in range((last - first).days + 1)]
    working = [day for day in days if calendar.is_working_day(day)]
    after = (day for day in working if day >= wanted)
    before = (day for day in reversed(working) if day < wanted)
    return next(after, None) or next(before, None)


def instant(on: dt.date, at: dt.time, zone: ZoneInfo) -> dt.datetime:
    """Return a moment of the wall clock in UTC; an hour that the clocks leave out comes after it.

    >>> instant(dt.date(2026, 3, 29), dt.time(2, 30), ZoneInfo("Europe/Berlin"))
    datetime.datetime(2026, 3, 29, 1, 30, tzinfo=datetime.timezone.utc)
    """
    return dt.datetime.combine(on, at, zone).astimezone(dt.UTC)
