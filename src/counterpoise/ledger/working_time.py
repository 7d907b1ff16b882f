"""Working time in the engine: how long something took in the hours that the agreement works in.

Every calendar day gets its place on an axis that counts working seconds alone; the time between
two instants is then a difference. Times are wall time, so daylight saving does not enter.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.document import WorkingTime
from counterpoise.agreement.quantities import WEEKDAYS, Duration, Unit

_SECONDS = {Unit.MINUTES: 60, Unit.HOURS: 3600, Unit.DAYS: 86400, Unit.WEEKS: 7 * 86400}
_MINUTE = 60


@dataclass(frozen=True)
class Clock:
    """The working time of an agreement over a stretch of days, both ends inclusive."""

    rules: WorkingTime
    first: dt.date
    last: dt.date

    @property
    def day_seconds(self) -> int:
        """Return the length of a working day."""
        return self.rules.hours.minutes * _MINUTE

    def works_on(self, day: dt.date) -> bool:
        """Tell whether people work on a day."""
        return WEEKDAYS[day.weekday()] in self.rules.days and day not in self._holidays

    def seconds(self, duration: Duration) -> int:
        """Return a duration in seconds on this clock; a working day is as long as its hours."""
        if not duration.working or duration.unit in (Unit.MINUTES, Unit.HOURS):
            return int(duration.amount * _SECONDS[duration.unit])
        days = 1 if duration.unit is Unit.DAYS else len(self.rules.days)
        return int(duration.amount * days * self.day_seconds)

    def position(self, at: dt.datetime) -> int:
        """Return how many working seconds have passed from the first day to an instant."""
        midnight = dt.datetime.combine(at.date(), dt.time())
        within = (at - midnight).seconds - self.rules.hours.opens * _MINUTE
        worked = min(max(within, 0), self.day_seconds) if self.works_on(at.date()) else 0
        return self._worked_before[at.date()] + worked

    def with_position(self, table: ir.Table, at: str, name: str) -> ir.Table:
        """Add the working seconds passed by the instant in column `at`; NULL outside the days."""
        day = table[at].date()
        calendar = self._calendar
        joined = table.left_join(calendar, day == calendar.calendar_day)
        second = joined[at].hour() * 3600 + joined[at].minute() * 60 + joined[at].second()
        within = (second - self.rules.hours.opens * _MINUTE).clip(0, self.day_seconds)
        passed = joined.worked_before + joined.works * within
        return joined.mutate(**{name: passed}).drop("calendar_day", "worked_before", "works")

    @cached_property
    def _holidays(self) -> frozenset[dt.date]:
        named = self.rules.holidays
        if not isinstance(named, str):
            return frozenset(named or ())
        from holidays import country_holidays

        country, _, region = named.partition("-")
        years = range(self.first.year, self.last.year + 1)
        return frozenset(country_holidays(country, subdiv=region or None, years=years))

    @cached_property
    def _worked_before(self) -> dict[dt.date, int]:
        passed, found = 0, {}
        for place in range((self.last - self.first).days + 1):
            day = self.first + dt.timedelta(days=place)
            found[day] = passed
            passed += self.day_seconds if self.works_on(day) else 0
        return found

    @cached_property
    def _calendar(self) -> ir.Table:
        days = list(self._worked_before)
        columns = {
            "calendar_day": days,
            "worked_before": list(self._worked_before.values()),
            "works": [int(self.works_on(day)) for day in days],
        }
        schema = {"calendar_day": "date", "worked_before": "int64", "works": "int64"}
        return ibis.memtable(columns, schema=schema)


@dataclass(frozen=True)
class Span:
    """What is timed: rows with the instant at which it starts and the one at which it is done."""

    table: ir.Table
    start: str
    end: str


def took(clock: Clock, span: Span, *, working: bool) -> ir.Table:
    """Add `took`: seconds from start to end, in working time or around the clock; NULL without end.

    What ended before it started took no time.
    """
    table, start, end = span.table, span.start, span.end
    if not working:
        passed = table[end].epoch_seconds() - table[start].epoch_seconds()
        return table.mutate(took=passed.clip(lower=0))
    placed = clock.with_position(table, start, "started_in")
    placed = clock.with_position(placed, end, "ended_in")
    passed = (placed.ended_in - placed.started_in).clip(lower=0)
    return placed.mutate(took=passed).drop("started_in", "ended_in")
