"""Working time in the engine: how long something took in the hours that the agreement works in.

Every calendar day gets its place on an axis that counts working seconds alone; the time between
two instants is then a difference. It is that of `WorkCalendar.between`, for any number of rows.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.quantities import Duration
from counterpoise.agreement.working_time import WorkCalendar

_MINUTE = 60


@dataclass(frozen=True)
class Clock:
    """The working time of an agreement over a stretch of days, both ends inclusive."""

    calendar: WorkCalendar
    first: dt.date
    last: dt.date

    @property
    def day_seconds(self) -> int:
        """Return the length of a working day."""
        return self.calendar.working_time.hours.minutes * _MINUTE

    def seconds(self, duration: Duration) -> int:
        """Return a duration in seconds on this clock; a working day is as long as its hours."""
        return int(self.calendar.length_of(duration).total_seconds())

    def with_position(self, table: ir.Table, at: str, name: str) -> ir.Table:
        """Add the working seconds passed by the instant in column `at`; NULL outside the days."""
        day = table[at].date()
        days = self._days
        joined = table.left_join(days, day == days.calendar_day)
        opens = self.calendar.working_time.hours.opens * _MINUTE
        second = joined[at].hour() * 3600 + joined[at].minute() * 60 + joined[at].second()
        within = (second - opens).clip(0, self.day_seconds)
        passed = joined.worked_before + joined.works * within
        return joined.mutate(**{name: passed}).drop("calendar_day", "worked_before", "works")

    @cached_property
    def _days(self) -> ir.Table:
        """Return the days with the working seconds before each. Grain: a day."""
        days = [
            self.first + dt.timedelta(days=place)
            for place in range((self.last - self.first).days + 1)
        ]
        works = [int(self.calendar.is_working_day(day)) for day in days]
        before = accumulate((each * self.day_seconds for each in works), initial=0)
        columns = {"calendar_day": days, "worked_before": list(before)[:-1], "works": works}
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
