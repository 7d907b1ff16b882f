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
from counterpoise.ledger.working_time import Clock, Span, took
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
