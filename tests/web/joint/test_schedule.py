"""When the next joint review is held, across holidays, zones and clocks that change."""

import datetime as dt
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.agreement.document import Agreement, Company
from counterpoise.agreement.quantities import Period
from counterpoise.agreement.reading import parse_agreement
from counterpoise.web.joint.schedule import When, held_on, instant, slots

BERLIN = ZoneInfo("Europe/Berlin")
TEN = dt.time(10)


def agreed(every: str, company: str = "{}") -> Agreement:
    return parse_agreement(
        "agreement: counterpoise/v1\ntitle: T\nin_force: {from: 2020-01-01}\n"
        f"company: {company}\nroles:\n  rep: {{side: sales}}\nreview: {{every: {every}}}\n"
    )


def days(every: str, when: When, today: dt.date, company: str = "{}") -> list[dt.date]:
    found = islice(slots(agreed(every, company), when, BERLIN, today), 2)
    return [slot.starts_at.astimezone(BERLIN).date() for slot in found]


def test_ten_stays_ten_when_the_clocks_change() -> None:
    found = list(islice(slots(agreed("week"), When(0, TEN), BERLIN, dt.date(2026, 3, 25)), 2))
    assert [slot.starts_at for slot in found] == [
        dt.datetime(2026, 3, 23, 9, tzinfo=dt.UTC),
        dt.datetime(2026, 3, 30, 8, tzinfo=dt.UTC),
    ]


def test_an_hour_that_comes_twice_is_its_first() -> None:
    assert instant(dt.date(2026, 10, 25), dt.time(2, 30), BERLIN) == dt.datetime(
        2026, 10, 25, 0, 30, tzinfo=dt.UTC
    )


@pytest.mark.parametrize(
    ("every", "when", "today", "expected"),
    [
        (  # a Friday
            "day",
            When(0, TEN),
            dt.date(2026, 6, 12),
            [dt.date(2026, 6, 12), dt.date(2026, 6, 15)],
        ),
        (
            "week",
            When(4, TEN),
            dt.date(2026, 6, 10),
            [dt.date(2026, 6, 12), dt.date(2026, 6, 19)],
        ),
        (
            "month",
            When(2, TEN),
            dt.date(2026, 6, 10),
            [dt.date(2026, 6, 3), dt.date(2026, 7, 1)],
        ),
        (
            "quarter",
            When(0, TEN),
            dt.date(2026, 6, 10),
            [dt.date(2026, 4, 6), dt.date(2026, 7, 6)],
        ),
    ],
)
def test_is_once_a_stretch(every: str, when: When, today: dt.date, expected: list[dt.date]) -> None:
    assert days(every, when, today) == expected


def test_a_holiday_puts_it_off() -> None:
    christmas = When(4, TEN)  # Friday, 25 December 2026, then the weekend: the day before
    company = "{working_time: {holidays: DE}}"
    assert days("week", christmas, dt.date(2026, 12, 23), company)[0] == dt.date(2026, 12, 24)
    easter = When(0, TEN)  # Easter Monday
    assert days("week", easter, dt.date(2026, 4, 6), company)[0] == dt.date(2026, 4, 7)


def test_a_stretch_without_a_working_day_has_none() -> None:
    saturday = dt.date(2026, 6, 13)
    assert held_on(saturday, saturday, Period.DAY, 0, Company()) is None


@given(st.dates(dt.date(2020, 1, 1), dt.date(2035, 1, 1)), st.sampled_from(list(Period)))
def test_lies_in_its_stretch_on_a_working_day(today: dt.date, every: Period) -> None:
    for slot in islice(slots(agreed(every.value), When(2, TEN), BERLIN, today), 3):
        local = slot.starts_at.astimezone(BERLIN)
        assert slot.first <= local.date() <= slot.last
        assert local.time() == TEN
        assert local.weekday() < 5
