"""Numbers as people write them, read by the evidence of their column."""

from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.books.quoting import literal
from counterpoise.books.schema import Kind
from counterpoise.books.values.numbers import NumberStyle, form, is_number_column, plain


@pytest.fixture(scope="module")
def engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def value(engine: duckdb.DuckDBPyConnection, expression: str) -> object:
    row = engine.execute(f"SELECT {expression}").fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"),
        ("-12", "-12"),
        ("−7", "-7"),
        ("12-", "-12"),
        ("(1,234.00)", "-1234"),
        ("+3", "3"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1\u00a0234\u202f567", "1234567"),
        ("1'234.50", "1234.50"),
        ("1’234’567", "1234567"),
        ("1,23,456.78", "123456.78"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("$1,234.5", "1234.5"),
        ("-$5", "-5"),
        ("$-5", "-5"),
        ("€ 12,5", "12.5"),
        ("12,50 €", "12.5"),
        ("USD 10", "10"),
        ("10 EUR", "10"),
        ("R$ 10,50", "10.5"),
        ("250 kr", "250"),
        ("$342.09K", "342090"),
        ("1.2 mn", "1200000"),
        ("3bn", "3000000000"),
        ("2M USD", "2000000"),
        ("1.5e3", "1500"),
        ("00123", "123"),
    ],
)
def test_reads(engine: duckdb.DuckDBPyConnection, text: str, number: str) -> None:
    read = NumberStyle(".").reading(literal(text), Kind.MONEY)
    assert value(engine, read) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    ["", "abc", "12 34", "1,2,3", "(5", "5)", "1.2.3", "--5", "12%", "$", "NaN", "inf", "1" * 20],
)
def test_refuses_as_money(engine: duckdb.DuckDBPyConnection, text: str) -> None:
    assert value(engine, NumberStyle(".").reading(literal(text), Kind.MONEY)) is None


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [
        ("1,234", ".", "1234"),
        ("1,234", ",", "1.234"),
        ("1.234", ".", "1.234"),
        ("1.234", ",", "1234"),
        ("12,5", ".", "12.5"),
        ("12.5", ",", "12.5"),
    ],
)
def test_reads_one_mark_before_three_digits_by_the_style_of_the_column(
    engine: duckdb.DuckDBPyConnection, text: str, mark: str, number: str
) -> None:
    style = NumberStyle("." if mark == "." else ",")
    assert value(engine, style.reading(literal(text), Kind.MONEY)) == Decimal(number)


def test_reads_a_percentage_as_a_fraction_where_a_rate_is_meant(
    engine: duckdb.DuckDBPyConnection,
) -> None:
    assert value(engine, NumberStyle(".").reading("'18%'", Kind.RATE)) == Decimal("0.18")
    assert value(engine, NumberStyle(",").reading("'12,5 %'", Kind.RATE)) == Decimal("0.125")


def test_reads_only_whole_numbers_as_integers(engine: duckdb.DuckDBPyConnection) -> None:
    style = NumberStyle(".")
    assert value(engine, style.reading("'1,250'", Kind.INTEGER)) == 1250
    assert value(engine, style.reading("'12.0'", Kind.INTEGER)) == 12
    assert value(engine, style.reading("'12.5'", Kind.INTEGER)) is None
    assert value(engine, plain("'12.5'", Kind.INTEGER)) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("12", "whole"),
        ("007", "code"),
        ("1,234", "comma?"),
        ("1.234", "point?"),
        ("0.125", "point"),
        ("1234.567", "point"),
        ("1,234.5", "point"),
        ("12,5", "comma"),
        ("1.234,5", "comma"),
        ("1.234.567", "comma"),
        ("1 234,500", "comma"),
        ("18%", "whole%"),
        ("n/a", "bad"),
        ("123456789012345", "bad"),
    ],
)
def test_names_the_form_of(engine: duckdb.DuckDBPyConnection, text: str, name: str) -> None:
    assert value(engine, form(literal(text))) == name


class TestStyle:
    def test_is_what_the_adapter_says(self) -> None:
        assert NumberStyle.decide({"point": 9}, ",").mark == ","

    def test_is_what_the_column_shows(self) -> None:
        assert NumberStyle.decide({"comma": 1, "comma?": 50}, None).mark == ","

    def test_is_what_the_other_columns_of_the_table_show(self) -> None:
        style = NumberStyle.decide({"point?": 5}, None, [{"comma": 3}])
        assert style == NumberStyle(",", assumed=False)

    def test_takes_a_comma_for_thousands_where_nothing_decides_and_says_so(self) -> None:
        assert NumberStyle.decide({"comma?": 5}, None) == NumberStyle(".", assumed=True)

    def test_takes_a_point_in_whole_numbers_for_thousands_too(self) -> None:
        whole = NumberStyle.decide({"whole": 5, "point?": 2}, None, (), Kind.INTEGER)
        assert whole == NumberStyle(",", assumed=True)

    def test_counts_values_that_are_surely_written_the_other_way(self) -> None:
        assert NumberStyle.decide({"point": 9, "comma": 2}, None) == NumberStyle(".", mixed=2)


def test_takes_an_attribute_for_numbers_only_when_every_value_is_one() -> None:
    assert is_number_column({"whole": 3, "point": 1})
    assert is_number_column({"whole%": 3})
    assert not is_number_column({"whole": 3, "bad": 1})
    assert not is_number_column({"whole": 3, "code": 1})
    assert not is_number_column({"whole": 3, "whole%": 1})
    assert not is_number_column({})


def grouped(number: Decimal, separator: str, mark: str) -> str:
    whole, _, places = f"{abs(number):,.2f}".partition(".")
    sign = "-" if number < 0 else ""
    return f"{sign}{whole.replace(',', separator)}{mark}{places}"


AMOUNTS = st.decimals(
    min_value=-(10**11), max_value=10**11, places=2, allow_nan=False, allow_infinity=False
)


@settings(deadline=None)
@given(
    numbers=st.lists(AMOUNTS, min_size=1, max_size=20),
    style=st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", "."), ("", "."), ("", ",")]),
    currency=st.sampled_from(["", "$", "€ ", "EUR "]),
)
def test_reads_back_a_column_as_it_was_written(
    engine: duckdb.DuckDBPyConnection, numbers: list[Decimal], style: tuple[str, str], currency: str
) -> None:
    separator, mark = style
    texts = [currency + grouped(number, separator, mark) for number in numbers]
    listed = ", ".join(f"({literal(text)})" for text in texts)
    engine.execute(f"CREATE OR REPLACE TABLE t AS SELECT x FROM (VALUES {listed}) AS v(x)")
    counted = engine.execute(f"SELECT histogram({form('x')}) FROM t").fetchone()
    assert counted is not None
    decided = NumberStyle.decide(counted[0], None)
    read = engine.execute(f"SELECT {decided.reading('x', Kind.MONEY)} FROM t").fetchall()
    assert [each for (each,) in read] == numbers
    assert decided.mark == mark
