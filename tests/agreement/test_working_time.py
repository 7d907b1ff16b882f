import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.agreement.document import WorkingTime
from counterpoise.agreement.quantities import Duration, Hours, Unit
from counterpoise.agreement.working_time import WorkCalendar

OFFICE = WorkCalendar()
"""Monday to Friday, 09:00 to 17:00."""
ZAGREB = WorkCalendar(
    WorkingTime(days=("mon", "tue", "wed", "thu", "fri"), hours=Hours(540, 1020), holidays="HR"),
    "Europe/Zagreb",
)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "duration", "due"),
    [
        ("2026-06-26T15:00", "4 working hours", "2026-06-29T11:00"),  # Friday to Monday
        ("2026-06-26T15:00", "2 working hours", "2026-06-26T17:00"),  # to the minute of closing
        ("2026-06-26T20:00", "1 working hour", "2026-06-29T10:00"),
        ("2026-06-27T12:00", "1 working day", "2026-06-29T17:00"),
        ("2026-06-24T10:30", "1 working day", "2026-06-25T10:30"),
        ("2026-06-24T10:30", "5 working days", "2026-07-01T10:30"),
        ("2026-06-24T10:30", "1 working week", "2026-07-01T10:30"),
        ("2026-06-26T15:00", "4 hours", "2026-06-26T19:00"),
        ("2026-06-26T15:00", "2 days", "2026-06-28T15:00"),
        ("2026-06-24T08:00", "0.5 working days", "2026-06-24T13:00"),
        ("2026-06-24T08:00", "0 working hours", "2026-06-24T08:00"),
    ],
)
def test_knows_when_something_is_due(start: str, duration: str, due: str) -> None:
    assert OFFICE.due_at(at(start), Duration.parse(duration)) == at(due)


def test_nobody_works_on_holidays() -> None:
    # Labour Day 2026 is a Friday; Corpus Christi a Thursday.
    assert ZAGREB.due_at(at("2026-04-30T16:00"), Duration.parse("2 working hours")) == at(
        "2026-05-04T10:00"
    )
    assert not ZAGREB.is_working_day(dt.date(2026, 6, 4))
    assert ZAGREB.is_working_day(dt.date(2026, 6, 5))


def test_holidays_can_be_listed() -> None:
    own = WorkCalendar(WorkingTime(holidays=(dt.date(2026, 6, 29),)))
    assert own.due_at(at("2026-06-26T16:00"), Duration.parse("2 working hours")) == at(
        "2026-06-30T10:00"
    )


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-03-28T23:00", "2026-03-29T04:00"),  # the clocks go forward at 02:00
        ("2026-10-24T23:00", "2026-10-25T02:00"),  # and back at 03:00
    ],
)
def test_four_hours_stay_four_hours_when_the_clocks_change(start: str, due: str) -> None:
    assert ZAGREB.due_at(at(start), Duration.parse("4 hours")) == at(due)


def test_working_hours_follow_the_clock_on_the_wall() -> None:
    assert ZAGREB.between(at("2026-03-27T16:00"), at("2026-03-30T10:00")) == dt.timedelta(hours=2)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-06-26T16:00", "2026-06-29T10:00", 2),
        ("2026-06-27T10:00", "2026-06-28T10:00", 0),
        ("2026-06-24T00:00", "2026-06-25T00:00", 8),
        ("2026-06-29T10:00", "2026-06-26T16:00", -2),
    ],
)
def test_counts_the_working_time_between(start: str, end: str, hours: int) -> None:
    assert OFFICE.between(at(start), at(end)) == dt.timedelta(hours=hours)


def test_tells_whether_something_is_late() -> None:
    within = Duration.parse("4 working hours")
    assert not OFFICE.passed(at("2026-06-26T15:00"), at("2026-06-29T11:00"), within)
    assert OFFICE.passed(at("2026-06-26T15:00"), at("2026-06-29T11:01"), within)


moments = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2026, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)
calendars = st.builds(
    lambda days, opens, length, holidays: WorkCalendar(
        WorkingTime(days=tuple(days), hours=Hours(opens, opens + length), holidays=holidays)
    ),
    st.lists(
        st.sampled_from(("mon", "tue", "wed", "thu", "fri", "sat", "sun")), min_size=1, unique=True
    ),
    st.integers(0, 720),
    st.integers(1, 720),
    st.sampled_from((None, "HR", (dt.date(2026, 5, 1), dt.date(2026, 12, 25)))),
)


@given(calendars, moments, moments, moments)
def test_working_time_adds_up(
    calendar: WorkCalendar, one: dt.datetime, two: dt.datetime, three: dt.datetime
) -> None:
    first, middle, last = sorted((one, two, three))
    parts = calendar.between(first, middle) + calendar.between(middle, last)
    assert parts == calendar.between(first, last)
    assert dt.timedelta() <= calendar.between(first, middle) <= middle - first


@given(calendars, moments, st.integers(0, 3000), st.integers(0, 3000))
def test_what_takes_longer_is_due_later(
    calendar: WorkCalendar, start: dt.datetime, minutes: int, more: int
) -> None:
    shorter, longer = (
        calendar.due_at(start, Duration(Decimal(each), Unit.MINUTES, working=True))
        for each in (minutes, minutes + more)
    )
    assert start <= shorter <= longer


@given(calendars, moments, st.integers(1, 3000))
def test_the_working_time_until_due_is_the_duration(
    calendar: WorkCalendar, start: dt.datetime, minutes: int
) -> None:
    due = calendar.due_at(start, Duration(Decimal(minutes), Unit.MINUTES, working=True))
    assert calendar.between(start, due) == dt.timedelta(minutes=minutes)
    assert calendar.between(start, due - dt.timedelta(seconds=1)) < dt.timedelta(minutes=minutes)
