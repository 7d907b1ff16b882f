"""Working time in both forms: the worked examples of the docs, and a count minute by minute."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.agreement.document import WorkingTime
from counterpoise.agreement.quantities import WEEKDAYS, Hours
from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.books.schema import Kind
from counterpoise.ledger.working_time import Clock, Span, took
from tests.ledger.small_books import memory_books, table

BOOKS = memory_books()
TIMES = ibis.schema({"start": Kind.INSTANT.dtype, "end": Kind.INSTANT.dtype})
PAGE = Path(__file__).parents[2] / "docs/reference/agreement-rules.md"
Spans = Sequence[tuple[dt.datetime, dt.datetime]]
_ROW = re.compile(r"^\| (20\d\d-.*) \|$", re.MULTILINE)
MINUTE = dt.timedelta(minutes=1)


def examples() -> list[list[str]]:
    found = [
        [cell.strip() for cell in row[1].split("|")] for row in _ROW.finditer(PAGE.read_text())
    ]
    assert len(found) >= 15
    return found


def wall(text: str, zone: str) -> dt.datetime:
    at = dt.datetime.fromisoformat(text)
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if at.tzinfo else at


def in_engine(calendar: WorkCalendar, spans: Spans) -> list[float]:
    """Return the working minutes of spans, counted by the engine."""
    days = [at.date() for span in spans for at in span]
    clock = Clock(calendar, min(days), max(days))
    rows = [{"start": start, "end": end} for start, end in spans]
    timed = took(clock, Span(table(TIMES, rows), "start", "end"), working=True)
    found = {(row["start"], row["end"]): row["took"] for row in BOOKS.run(timed).to_pylist()}
    return [found[span] / 60 for span in spans]


@pytest.mark.parametrize("row", examples(), ids=lambda row: " ".join(row[:3]))
def test_every_worked_example_holds_in_both_forms(row: list[str]) -> None:
    start, end, zone, days, hours, holidays, said = row
    written = {"days": days, "hours": hours, "holidays": holidays or None}
    calendar = WorkCalendar(WorkingTime.model_validate(written), zone)
    span = wall(start, zone), wall(end, zone)
    minutes = float(said.split(",")[0]) * 60
    assert calendar.between(*span) == minutes * MINUTE
    assert in_engine(calendar, [span]) == [minutes]


def counted(calendar: WorkCalendar, start: dt.datetime, end: dt.datetime) -> int:
    """Count the minutes in which people work, one by one."""
    hours, minutes = calendar.working_time.hours, 0
    closed = {day for year in {start.year, end.year} for day in calendar.holidays(year)}
    while start < end:
        works = WEEKDAYS[start.weekday()] in calendar.working_time.days
        minute = start.hour * 60 + start.minute
        minutes += works and start.date() not in closed and hours.opens <= minute < hours.closes
        start += MINUTE
    return minutes


minutes_of_2026 = st.integers(0, 360 * 24 * 60).map(
    lambda minute: dt.datetime(2026, 1, 1) + minute * MINUTE
)
spans = st.tuples(minutes_of_2026, st.integers(0, 5 * 24 * 60)).map(
    lambda drawn: (drawn[0], drawn[0] + drawn[1] * MINUTE)
)
calendars = st.builds(
    lambda days, opens, length, holidays, zone: WorkCalendar(
        WorkingTime(days=tuple(days), hours=Hours(opens, opens + length), holidays=holidays), zone
    ),
    st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True),
    st.integers(0, 720),
    st.integers(1, 720),
    st.sampled_from((None, "HR", "US", (dt.date(2026, 3, 30), dt.date(2026, 12, 25)))),
    st.sampled_from(("Europe/Zagreb", "America/New_York", "UTC")),
)


@settings(max_examples=15, deadline=None)
@given(calendars, st.lists(spans, min_size=1, max_size=6, unique=True))
def test_agrees_with_a_count_minute_by_minute(calendar: WorkCalendar, drawn: Spans) -> None:
    expected = [counted(calendar, *span) for span in drawn]
    assert [calendar.between(*span) / MINUTE for span in drawn] == expected
    assert in_engine(calendar, drawn) == expected
