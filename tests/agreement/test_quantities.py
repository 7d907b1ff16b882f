from decimal import Decimal

import pytest

from counterpoise.agreement.quantities import (
    Duration,
    Hours,
    Unit,
    format_rate,
    parse_amount,
    parse_number,
    parse_rate,
    parse_weekdays,
)


@pytest.mark.parametrize(
    ("written", "rate"),
    [
        ("18%", "0.18"),
        ("18 %", "0.18"),
        ("0.18", "0.18"),
        (0.1, "0.1"),
        ("0%", "0"),
        ("-0", "0"),
        ("100%", "1"),
        ("0.1250", "0.125"),
    ],
)
def test_reads_a_rate_as_percentage_or_fraction(written: object, rate: str) -> None:
    assert parse_rate(written) == Decimal(rate)
    assert str(parse_rate(written)) == rate


@pytest.mark.parametrize(
    "written", ["10", "101%", "-1%", "ten", "nan", "inf", "NaN%", "1_0%", "1e999", "", True, None]
)
def test_refuses_what_is_no_rate(written: object) -> None:
    with pytest.raises(ValueError, match=r"rate|between|too large"):
        parse_rate(written)


def test_refuses_a_rate_finer_than_the_books_keep() -> None:
    with pytest.raises(ValueError, match="up to 6 decimals"):
        parse_rate("0.1234567")


@pytest.mark.parametrize("written", ["nan", "-1", "1,200", "1e20", "inf", "5000 USD", True, ""])
def test_refuses_what_is_no_amount(written: object) -> None:
    with pytest.raises(ValueError, match=r"number|below zero|too large"):
        parse_amount(written)


def test_keeps_whole_amounts_whole() -> None:
    assert str(parse_amount("1e6")) == "1000000"
    assert str(parse_amount("5000.00")) == "5000"


def test_reads_numbers_without_binary_fractions() -> None:
    assert parse_number("0.1") + parse_number("0.2") == Decimal("0.3")


def test_writes_rates_as_people_do() -> None:
    assert [format_rate(Decimal(rate)) for rate in ("0.1", "0.125", "0", "1")] == [
        "10%",
        "12.5%",
        "0%",
        "100%",
    ]


@pytest.mark.parametrize(
    ("written", "amount", "unit", "working", "again"),
    [
        ("4 working hours", 4, Unit.HOURS, True, "4 working hours"),
        ("1 Working Day", 1, Unit.DAYS, True, "1 working day"),
        ("2  weeks", 2, Unit.WEEKS, False, "2 weeks"),
        ("90 minutes", 90, Unit.MINUTES, False, "90 minutes"),
        ("1.5 hours", "1.5", Unit.HOURS, False, "1.5 hours"),
    ],
)
def test_reads_durations(
    written: str, amount: object, unit: Unit, working: bool, again: str
) -> None:
    duration = Duration.parse(written)
    assert duration == Duration(Decimal(str(amount)), unit, working)
    assert str(duration) == again


@pytest.mark.parametrize("written", ["4", "soon", "4 working", "-1 days", "99999 days", "1 month"])
def test_refuses_what_is_no_duration(written: str) -> None:
    with pytest.raises(ValueError, match=r"length of time|longer than"):
        Duration.parse(written)


def test_reads_office_hours() -> None:
    assert Hours.parse("09:00 - 17:30") == Hours(540, 1050)
    assert Hours.parse("00:00-24:00").minutes == 1440
    assert str(Hours(540, 1050)) == "09:00-17:30"


@pytest.mark.parametrize("written", ["9-17", "17:00-09:00", "09:00-09:00", "25:00-26:00", "x"])
def test_refuses_what_are_no_hours(written: str) -> None:
    with pytest.raises(ValueError, match=r"hours|ends before"):
        Hours.parse(written)


def test_reads_working_days_in_the_order_of_the_week() -> None:
    assert parse_weekdays(["fri", "mon-tue"]) == ("mon", "tue", "fri")
    assert parse_weekdays("sat-mon") == ("mon", "sat", "sun")


@pytest.mark.parametrize("written", ["monday", [], "mon-xyz", None])
def test_refuses_what_are_no_working_days(written: object) -> None:
    with pytest.raises(ValueError, match="working day"):
        parse_weekdays(written)
