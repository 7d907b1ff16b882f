"""Working time: when something is due, and how much working time has passed.

Times are wall time of the agreement's zone, as everywhere in the books. Working hours are those of
the wall clock; what runs around the clock is counted on the zone's real one, so that four hours
stay four hours in the night when the clocks change.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from counterpoise.agreement.document import Company, WorkingTime
from counterpoise.agreement.quantities import WEEKDAYS, Duration, Unit

_MINUTE = dt.timedelta(minutes=1)
_DAY = dt.timedelta(days=1)
_AROUND_THE_CLOCK = {
    Unit.MINUTES: _MINUTE,
    Unit.HOURS: dt.timedelta(hours=1),
    Unit.DAYS: _DAY,
    Unit.WEEKS: dt.timedelta(weeks=1),
}


@lru_cache(maxsize=256)
def public_holidays(code: str, year: int) -> frozenset[dt.date]:
    """Return the public holidays of a country or region in a year.

    >>> dt.date(2026, 5, 30) in public_holidays("HR", 2026)
    True
    """
    from holidays import country_holidays

    country, _, region = code.partition("-")
    return frozenset(country_holidays(country, subdiv=region or None, years=year))


@dataclass(frozen=True)
class WorkCalendar:
    """The working hours of a company: its days, hours, holidays and time zone."""

    working_time: WorkingTime = field(default_factory=WorkingTime)
    time_zone: str = "UTC"

    @classmethod
    def of(cls, company: Company) -> WorkCalendar:
        """Return the calendar of a company."""
        return cls(company.working_time, company.time_zone)

    def is_working_day(self, day: dt.date) -> bool:
        """Tell whether people work on a day."""
        works = WEEKDAYS[day.weekday()] in self.working_time.days
        return works and day not in self.holidays(day.year)

    def holidays(self, year: int) -> frozenset[dt.date]:
        """Return the holidays in a year."""
        given = self.working_time.holidays
        if isinstance(given, str):
            return public_holidays(given, year)
        return frozenset(day for day in given or () if day.year == year)

    def due_at(self, start: dt.datetime, duration: Duration) -> dt.datetime:
        """Return the first moment at which the duration has passed since the start.

        >>> friday = dt.datetime(2026, 6, 26, 15)
        >>> WorkCalendar().due_at(friday, Duration.parse("4 working hours"))
        datetime.datetime(2026, 6, 29, 11, 0)
        """
        if duration.working:
            return self._after_working(start, self.length_of(duration))
        span = _scaled(_AROUND_THE_CLOCK[duration.unit], duration.amount)
        if duration.unit in (Unit.DAYS, Unit.WEEKS):
            return start + span
        zone = ZoneInfo(self.time_zone)
        end = start.replace(tzinfo=zone).astimezone(dt.UTC) + span
        return end.astimezone(zone).replace(tzinfo=None)

    def length_of(self, duration: Duration) -> dt.timedelta:
        """Return a duration as time on the clock: a working day has its working hours.

        >>> WorkCalendar().length_of(Duration.parse("2 working days"))
        datetime.timedelta(seconds=57600)
        """
        if not duration.working:
            return _scaled(_AROUND_THE_CLOCK[duration.unit], duration.amount)
        day = self.working_time.hours.minutes * _MINUTE
        lengths = {
            Unit.MINUTES: _MINUTE,
            Unit.HOURS: 60 * _MINUTE,
            Unit.DAYS: day,
            Unit.WEEKS: len(self.working_time.days) * day,
        }
        return _scaled(lengths[duration.unit], duration.amount)

    def is_notice(self, given_on: dt.date, starts_on: dt.date, at_least: Duration) -> bool:
        """Tell whether word was given so long before a day; the day it was given on counts.

        >>> ten, monday = Duration.parse("10 working days"), dt.date(2026, 6, 1)
        >>> WorkCalendar().is_notice(monday, dt.date(2026, 6, 15), ten)
        True
        """
        given, start = (dt.datetime.combine(each, dt.time()) for each in (given_on, starts_on))
        passed = self.between(given, start) if at_least.working else start - given
        return passed >= self.length_of(at_least)

    def between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """Return the working time between two moments, negative when the end comes first.

        >>> WorkCalendar().between(dt.datetime(2026, 6, 26, 16), dt.datetime(2026, 6, 29, 10))
        datetime.timedelta(seconds=7200)
        """
        if end < start:
            return -self.between(end, start)
        passed = dt.timedelta()
        for opens, closes in self._windows(start):
            if opens >= end:
                break
            passed += max(dt.timedelta(), min(closes, end) - max(opens, start))
        return passed

    def passed(self, start: dt.datetime, end: dt.datetime, duration: Duration) -> bool:
        """Tell whether more than a duration has passed between two moments."""
        return end > self.due_at(start, duration)

    def _after_working(self, start: dt.datetime, span: dt.timedelta) -> dt.datetime:
        if not span:
            return start
        for opens, closes in self._windows(start):
            begins = max(opens, start)
            if closes - begins >= span:
                return begins + span
            span -= max(dt.timedelta(), closes - begins)
        raise AssertionError("working days never end")  # pragma: no cover

    def _windows(self, start: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """Yield when work opens and closes, from the day of the start on."""
        hours = self.working_time.hours
        day = start.date()
        while True:
            if self.is_working_day(day):
                midnight = dt.datetime.combine(day, dt.time())
                yield midnight + hours.opens * _MINUTE, midnight + hours.closes * _MINUTE
            day += _DAY


def _scaled(span: dt.timedelta, amount: Decimal) -> dt.timedelta:
    """Multiply a span by a decimal, to the microsecond."""
    microseconds = Decimal(span // dt.timedelta(microseconds=1)) * amount
    return dt.timedelta(microseconds=int(microseconds))
