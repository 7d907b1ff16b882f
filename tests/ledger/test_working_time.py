"""Working time, in the engine and in Python."""

from __future__ import annotations

import datetime as dt
from typing import Any

import hypothesis.strategies as st
import ibis
import pytest
from hypothesis import given, settings

from counterpoise.agreement.document import WorkingTime
from counterpoise.agreement.quantities import Duration
from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.books.schema import Kind
from counterpoise.ledger.working_time import Clock, Span, took, took_of
from tests.ledger.small_books import memory_books, table

BOOKS = memory_books()
FIRST, LAST = dt.date(2026, 6, 1), dt.date(2026, 7, 31)  # a Monday and a Friday
NINE_TO_FIVE = WorkCalendar()
TIMES = ibis.schema({"start": Kind.INSTANT.dtype, "end": Kind.INSTANT.dtype})


def hours(start: str, end: str | None, working: bool = True, **rules: Any) -> float | None:
    working_time = WorkingTime.model_validate({"hours": "09:00-17:00", **rules})
    clock = Clock(WorkCalendar(working_time), FIRST, LAST)
    row = {
        "start": dt.datetime.fromisoformat(start),
        "end": dt.datetime.fromisoformat(end) if end else None,
    }
    timed = took(clock, Span(table(TIMES, [row]), "start", "end"), working=working)
    seconds: int | None = BOOKS.run(timed).to_pylist()[0]["took"]
    return None if seconds is None else seconds / 3600


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-06-10T10:00", "2026-06-10T12:30", 2.5),
        ("2026-06-10T16:00", "2026-06-11T10:00", 2),
        ("2026-06-12T16:00", "2026-06-15T09:30", 1.5),  # over a weekend
        ("2026-06-13T12:00", "2026-06-14T12:00", 0),  # within one
        ("2026-06-10T05:00", "2026-06-10T23:00", 8),
        ("2026-06-10T18:00", "2026-06-10T19:00", 0),
        ("2026-06-10T12:00", "2026-06-10T10:00", 0),  # done before it was due to start
        ("2026-06-01T09:00", "2026-06-29T09:00", 160),
    ],
)
def test_counts_the_hours_in_which_people_work(start: str, end: str, expected: float) -> None:
    assert hours(start, end) == expected


def test_does_not_count_holidays() -> None:
    # 22 June is a holiday in Croatia and the weekend lies before it.
    assert hours("2026-06-19T16:00", "2026-06-23T10:00", holidays="HR") == 2
    assert hours("2026-06-19T16:00", "2026-06-23T10:00", holidays=["2026-06-22"]) == 2


def test_counts_other_days_and_hours_where_people_work_then() -> None:
    assert hours("2026-06-12T08:00", "2026-06-14T08:00", days="sat-sun", hours="00:00-24:00") == 32


def test_is_unknown_where_it_has_not_ended() -> None:
    assert hours("2026-06-10T10:00", None) is None
    assert hours("2026-06-10T10:00", None, working=False) is None


def test_counts_around_the_clock_where_that_is_agreed() -> None:
    assert hours("2026-06-12T16:00", "2026-06-15T09:30", working=False) == 65.5


ZAGREB = WorkCalendar(WorkingTime(), "Europe/Zagreb")
"""Its clocks go forward at 2:00 on 29 March 2026 and back at 3:00 on 25 October 2026."""


def seconds_of(within: str, start: str, end: str, calendar: WorkCalendar = ZAGREB) -> int:
    clock = Clock(calendar, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    row = {"start": dt.datetime.fromisoformat(start), "end": dt.datetime.fromisoformat(end)}
    span = Span(table(TIMES, [row]), "start", "end")
    found: int = BOOKS.run(took_of(clock, span, Duration.parse(within))).to_pylist()[0]["took"]
    return found


@pytest.mark.parametrize(
    ("start", "end", "hours_passed"),
    [
        ("2026-03-28T22:00", "2026-03-29T06:00", 7),  # an hour is left out
        ("2026-10-24T22:00", "2026-10-25T06:00", 9),  # an hour comes twice
        ("2026-03-29T01:59", "2026-03-29T03:00", 1 / 60),
        ("2026-10-25T01:00", "2026-10-25T02:30", 1.5),  # the first of the two
        ("2026-10-25T02:30", "2026-10-25T03:00", 1.5),
        ("2026-06-28T22:00", "2026-06-29T06:00", 8),
    ],
)
def test_hours_around_the_clock_are_real_ones(start: str, end: str, hours_passed: float) -> None:
    assert seconds_of("4 hours", start, end) == hours_passed * 3600


def test_days_of_the_calendar_and_working_hours_do_not_mind_the_clocks() -> None:
    assert seconds_of("2 days", "2026-03-28T12:00", "2026-03-30T12:00") == 2 * 86400
    assert seconds_of("4 working hours", "2026-03-27T16:00", "2026-03-30T10:00") == 2 * 3600
    assert seconds_of("4 working hours", "2026-10-23T16:00", "2026-10-26T10:00") == 2 * 3600


@pytest.mark.parametrize("zone", ["Europe/Zagreb", "America/New_York", "Australia/Lord_Howe"])
@pytest.mark.parametrize("within", ["6 hours", "1 day", "6 working hours"])
def test_what_the_desk_calls_due_is_just_in_time(zone: str, within: str) -> None:
    calendar, duration = WorkCalendar(WorkingTime(), zone), Duration.parse(within)
    clock = Clock(calendar, dt.date(2026, 1, 1), dt.date(2027, 1, 31))
    starts = [dt.datetime(2026, 1, 1, 22, 30) + dt.timedelta(days=day) for day in range(365)]
    rows = [{"start": start, "end": calendar.due_at(start, duration)} for start in starts]
    timed = BOOKS.run(took_of(clock, Span(table(TIMES, rows), "start", "end"), duration))
    assert set(timed["took"].to_pylist()) == {clock.seconds(duration)}


def test_counts_naive_times_by_the_wall_where_seconds_are_given() -> None:
    assert seconds_of("4 working hours", "2026-06-10T16:59:30", "2026-06-11T09:00:15") == 45


def test_a_holiday_of_the_agreement_moves_what_is_due() -> None:
    closed = WorkCalendar(WorkingTime.model_validate({"holidays": ["2026-06-11"]}), "UTC")
    found = seconds_of("4 working hours", "2026-06-10T16:00", "2026-06-12T10:00", closed)
    assert found == 2 * 3600
    assert closed.due_at(dt.datetime(2026, 6, 10, 16), Duration.parse("2 working hours")) == (
        dt.datetime(2026, 6, 12, 10)
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("4 working hours", 4 * 3600),
        ("2 working days", 2 * 8 * 3600),
        ("1 working week", 5 * 8 * 3600),
        ("30 minutes", 1800),
        ("2 days", 2 * 86400),
    ],
)
def test_a_working_day_is_as_long_as_its_hours(written: str, expected: int) -> None:
    assert Clock(NINE_TO_FIVE, FIRST, LAST).seconds(Duration.parse(written)) == expected


INSTANTS = st.datetimes(dt.datetime(2026, 6, 1), dt.datetime(2026, 7, 30)).map(
    lambda at: at.replace(microsecond=0)
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(INSTANTS, INSTANTS), min_size=1, max_size=8))
def test_agrees_with_the_calendar_of_the_desk(spans: list[tuple[dt.datetime, dt.datetime]]) -> None:
    clock = Clock(NINE_TO_FIVE, FIRST, LAST)
    times = table(TIMES, [{"start": start, "end": end} for start, end in spans])
    rows = BOOKS.run(took(clock, Span(times, "start", "end"), working=True)).to_pylist()
    assert {(row["start"], row["end"]): row["took"] for row in rows} == {
        (start, end): max(NINE_TO_FIVE.between(start, end).total_seconds(), 0)
        for start, end in spans
    }
