"""Working time in the engine: how long something took in the hours that the agreement works in.

Every calendar day gets its place on an axis that counts working seconds alone; the time between
two instants is then a difference. It is that of `WorkCalendar.between`, for any number of rows.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.quantities import Duration, Unit
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

    def position(self, moment: dt.datetime) -> int:
        """Return the working seconds passed by a moment within the days."""
        days = (moment.date() - self.first).days
        whole = sum(
            self.calendar.is_working_day(self.first + dt.timedelta(days=place))
            for place in range(days)
        )
        opens = dt.timedelta(minutes=self.calendar.working_time.hours.opens)
        into = moment - dt.datetime.combine(moment.date(), dt.time()) - opens
        today = self.calendar.is_working_day(moment.date()) * int(into.total_seconds())
        return whole * self.day_seconds + min(max(today, 0), self.day_seconds)

    def ahead(self, at: ir.TimestampValue) -> ir.IntegerValue:
        """Return by how many seconds the wall clock is ahead of universal time at an instant.

        An hour that comes twice is the first of the two, as for `WorkCalendar.due_at`.
        """
        first, *changes = self._offsets
        found: ir.IntegerValue = ibis.literal(first[1], "int32")
        for begins, offset in changes:
            found = ibis.ifelse(at >= ibis.literal(begins), offset, found)
        return found

    @cached_property
    def _offsets(self) -> tuple[tuple[dt.datetime, int], ...]:
        """Return the wall times from which on the clock is ahead by how many seconds."""
        zone = ZoneInfo(self.calendar.time_zone)
        opens = dt.datetime.combine(self.first, dt.time())
        found = [(opens, _ahead(zone, opens))]
        for place in range((self.last - self.first).days + 1):
            midnight = opens + dt.timedelta(days=place, hours=24)
            if _ahead(zone, midnight) != found[-1][1]:
                found.append(_change(zone, midnight - dt.timedelta(days=1), midnight))
        return tuple(found)

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
        return table.mutate(took=_wall_seconds(span).clip(lower=0))
    placed = clock.with_position(table, start, "started_in")
    placed = clock.with_position(placed, end, "ended_in")
    passed = (placed.ended_in - placed.started_in).clip(lower=0)
    return placed.mutate(took=passed).drop("started_in", "ended_in")


def took_of(clock: Clock, span: Span, within: Duration) -> ir.Table:
    """Add `took`: seconds from start to end on the clock on which a duration runs.

    Working time where it says so; hours and minutes around the clock are real ones, also in the
    nights when the clocks change; days and weeks are those of the calendar.
    """
    if within.working or within.unit in (Unit.DAYS, Unit.WEEKS):
        return took(clock, span, working=within.working)
    table = span.table
    gained = clock.ahead(table[span.end]) - clock.ahead(table[span.start])
    return table.mutate(took=(_wall_seconds(span) - gained).clip(lower=0))


def waited_until(clock: Clock, span: Span, present: dt.datetime, within: Duration) -> ir.Table:
    """Add `took` as `took_of` gives it, and `waited`, the same from the start to the present."""
    if within.working:
        placed = clock.with_position(span.table, span.start, "started_in")
        placed = clock.with_position(placed, span.end, "ended_in")
        waited = (clock.position(present) - placed.started_in).clip(lower=0)
        passed = (placed.ended_in - placed.started_in).clip(lower=0)
        return placed.mutate(took=passed, waited=waited).drop("started_in", "ended_in")
    until = Span(span.table.mutate(present_at=ibis.literal(present)), span.start, "present_at")
    timed = took_of(clock, until, within).rename(waited="took").drop("present_at")
    return took_of(clock, Span(timed, span.start, span.end), within)


def _wall_seconds(span: Span) -> ir.IntegerValue:
    table = span.table
    found: ir.IntegerValue = table[span.end].epoch_seconds() - table[span.start].epoch_seconds()
    return found


def _ahead(zone: ZoneInfo, at: dt.datetime) -> int:
    ahead = at.replace(tzinfo=zone).utcoffset()
    assert ahead is not None, "a named zone always has an offset"
    return int(ahead.total_seconds())


def _change(zone: ZoneInfo, before: dt.datetime, after: dt.datetime) -> tuple[dt.datetime, int]:
    """Return the wall time at which the clock changes between two, to the minute, and to what."""
    offset = _ahead(zone, before)
    while after - before > dt.timedelta(minutes=1):
        minutes = (after - before) // dt.timedelta(minutes=1)
        middle = before + dt.timedelta(minutes=minutes // 2)
        if _ahead(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after, _ahead(zone, after)
