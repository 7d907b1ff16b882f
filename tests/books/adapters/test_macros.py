"""Adapters read values as an import does, by their conventions."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from counterpoise.books.adapters.macros import macro_definitions
from counterpoise.books.adapters.manifest import Conventions


def _read(call: str, value: str | None, conventions: Conventions) -> Any:
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA m")
        for definition in macro_definitions(conventions, "m"):
            connection.execute(definition)
        row = connection.execute(f"SELECT m.{call}(?)", [value]).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1054", "1054"),
        ("1054.5", "1054.5"),
        ("$1,054.50", "1054.5"),
        ("342.09K", "342090"),
        ("(12.50)", "-12.5"),
        ("1 054,50 €", "1054.5"),
        (" 7 ", "7"),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, amount: str) -> None:
    assert _read("as_money", text, Conventions()) == Decimal(amount)


@pytest.mark.parametrize("text", ["abc", "", None, "1.2.3"])
def test_what_is_no_amount_is_null(text: str | None) -> None:
    assert _read("as_money", text, Conventions()) is None


@pytest.mark.parametrize(("decimal", "amount"), [(".", "1234"), (",", "1.234")])
def test_the_decimal_convention_decides_what_a_comma_is(decimal: Any, amount: str) -> None:
    assert _read("as_money", "1,234", Conventions(decimal=decimal)) == Decimal(amount)


def test_a_point_is_for_thousands_where_the_comma_is_for_decimals() -> None:
    assert _read("as_number", "1.234", Conventions(decimal=",")) == Decimal(1234)


@pytest.mark.parametrize(("text", "rate"), [("18%", "0.18"), ("0.18", "0.18"), ("-5 %", "-0.05")])
def test_a_rate_is_a_fraction_however_it_is_written(text: str, rate: str) -> None:
    assert _read("as_rate", text, Conventions()) == Decimal(rate)


@pytest.mark.parametrize(("order", "day"), [("mdy", date(2017, 5, 6)), ("dmy", date(2017, 6, 5))])
def test_the_date_order_decides_what_is_the_month(order: Any, day: date) -> None:
    assert _read("as_day", "5/6/17", Conventions(date_order=order)) == day


def test_a_date_that_can_be_read_in_two_ways_asks_for_the_convention() -> None:
    with pytest.raises(duckdb.Error, match=r'"5/6/17" can be read in two ways.*date_order'):
        _read("as_day", "5/6/17", Conventions())


@pytest.mark.parametrize("text", ["2017-05-06", "2017-05-06 23:59:59", "6 May 2017"])
def test_a_day_that_can_be_read_in_one_way_needs_no_convention(text: str) -> None:
    assert _read("as_day", text, Conventions()) == date(2017, 5, 6)


def test_a_time_with_an_offset_becomes_wall_time_of_the_adapters_zone() -> None:
    zagreb = Conventions(time_zone="Europe/Zagreb")
    read = _read("as_instant", "2026-07-01T23:30:00.000Z", zagreb)
    assert read == datetime(2026, 7, 2, 1, 30)


def test_a_time_without_an_offset_stays() -> None:
    zagreb = Conventions(time_zone="Europe/Zagreb")
    read = _read("as_instant", "2026-07-01 23:30:00", zagreb)
    assert read == datetime(2026, 7, 1, 23, 30)


def test_a_time_with_an_offset_asks_for_the_zone() -> None:
    with pytest.raises(duckdb.Error, match=r"has an offset.*time_zone"):
        _read("as_instant", "2026-07-01T23:30:00Z", Conventions())


@pytest.mark.parametrize(
    ("text", "flag"), [("TRUE", True), ("1", True), ("no", False), ("maybe", None)]
)
def test_a_flag_is_read_as_people_write_it(text: str, flag: bool | None) -> None:
    assert _read("as_flag", text, Conventions()) is flag
