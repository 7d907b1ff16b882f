"""Days and times as people write them, read by the evidence of their column."""

import datetime as dt
from collections.abc import Callable

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.books.quoting import literal
from counterpoise.books.schema import Kind
from counterpoise.books.values.moments import MomentStyle, Order, Undecided, Zones, form, plain

ZAGREB = Zones("Europe/Zagreb")
DMY = MomentStyle({"/": "dmy", "-": "dmy", ".": "dmy", " ": "dmy"})
MDY = MomentStyle({"/": "mdy", "-": "mdy", ".": "mdy", " ": "mdy"})


@pytest.fixture(scope="module")
def engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def value(engine: duckdb.DuckDBPyConnection, expression: str) -> object:
    row = engine.execute(f"SELECT CAST({expression} AS VARCHAR)").fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-04", "2026-03-04 00:00:00"),
        ("2026/3/4", "2026-03-04 00:00:00"),
        ("2026.03.04 7:05", "2026-03-04 07:05:00"),
        ("2026-03-04T10:11:12.345678901", "2026-03-04 10:11:12.345678"),
        ("2026-03-04T10:00:00Z", "2026-03-04 11:00:00"),
        ("2026-07-04T10:00:00Z", "2026-07-04 12:00:00"),
        ("2026-03-04 10:00:00+0500", "2026-03-04 06:00:00"),
        ("2026-03-04 10:00:00-05:00", "2026-03-04 16:00:00"),
        ("2026-03-04T10:00:00.000+0000", "2026-03-04 11:00:00"),
        ("2026-03-04 23:30 UTC", "2026-03-05 00:30:00"),
        ("4/3/2026", "2026-03-04 00:00:00"),
        ("04.03.26 14.30", "2026-03-04 14:30:00"),
        ("31-12-99", "1999-12-31 00:00:00"),
        ("4/3/2026 2:30 PM", "2026-03-04 14:30:00"),
        ("4/3/2026 12:00:00 AM", "2026-03-04 00:00:00"),
        ("4/3/2026 12:15 p.m.", "2026-03-04 12:15:00"),
        ("4 Mar 2026", "2026-03-04 00:00:00"),
        ("4-Mar-26", "2026-03-04 00:00:00"),
        ("4th March 2026", "2026-03-04 00:00:00"),
        ("March 4, 2026", "2026-03-04 00:00:00"),
        ("Sept 3 2025", "2025-09-03 00:00:00"),
        ("Wed, 04 Mar 2026 10:00:00 GMT", "2026-03-04 11:00:00"),
        ("20260304", "2026-03-04 00:00:00"),
        ("46085", "2026-03-04 00:00:00"),
        ("46085.5", "2026-03-04 12:00:00"),
        ("1772618400", "2026-03-04 11:00:00"),
        ("1772618400000", "2026-03-04 11:00:00"),
    ],
)
def test_reads(engine: duckdb.DuckDBPyConnection, text: str, moment: str) -> None:
    assert value(engine, DMY.reading(literal(text), Kind.INSTANT, ZAGREB)) == moment


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2026-02-30", "31/02/2026", "13/13/2026", "2026-13-01", "infinity", "4/3", "12"],
)
def test_refuses(engine: duckdb.DuckDBPyConnection, text: str) -> None:
    assert value(engine, DMY.reading(literal(text), Kind.INSTANT, ZAGREB)) is None


def test_reads_the_same_text_by_the_order_of_its_column(
    engine: duckdb.DuckDBPyConnection,
) -> None:
    assert value(engine, DMY.reading("'3/4/2026'", Kind.DAY, ZAGREB)) == "2026-04-03"
    assert value(engine, MDY.reading("'3/4/2026'", Kind.DAY, ZAGREB)) == "2026-03-04"


def test_moves_times_of_another_zone_but_not_days(engine: duckdb.DuckDBPyConnection) -> None:
    from_utc = Zones("Europe/Zagreb", "UTC")
    assert (
        value(engine, DMY.reading("'2026-03-04 23:30'", Kind.INSTANT, from_utc))
        == "2026-03-05 00:30:00"
    )
    assert value(engine, DMY.reading("'2026-03-04'", Kind.INSTANT, from_utc)) == (
        "2026-03-04 00:00:00"
    )


@pytest.mark.parametrize("text", ["12/01/26", "2026-03-04T10:00:00Z", "2026-03-04 10:00+02", "x"])
def test_does_not_take_for_plain(engine: duckdb.DuckDBPyConnection, text: str) -> None:
    assert value(engine, plain(literal(text), Kind.INSTANT)) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2026-03-04", "iso"),
        ("31/12/2026", "d/"),
        ("12/31/2026", "m/"),
        ("3/4/2026", "?/"),
        ("4.4.2026", "=."),
        ("99-1-12", "y-"),
        ("32/1/2026", "bad"),
        ("4 Mar 2026", "worded"),
        ("20260304", "compact"),
        ("46085", "serial"),
        ("1772618400", "epoch"),
        ("soon", "bad"),
    ],
)
def test_names_the_form_of(engine: duckdb.DuckDBPyConnection, text: str, name: str) -> None:
    assert value(engine, form(literal(text))) == name


class TestOrder:
    def test_is_what_the_adapter_says(self) -> None:
        style = MomentStyle.decide({"?/": 3}, "dmy")
        assert isinstance(style, MomentStyle)
        assert style.orders["/"] == "dmy"

    def test_is_what_one_certain_date_in_the_column_shows(self) -> None:
        style = MomentStyle.decide({"?/": 300, "m/": 1}, None)
        assert isinstance(style, MomentStyle)
        assert style.orders["/"] == "mdy"

    def test_is_what_another_column_of_the_table_shows(self) -> None:
        style = MomentStyle.decide({"?/": 3}, None, [{"d/": 4}])
        assert isinstance(style, MomentStyle)
        assert style.orders["/"] == "dmy"

    def test_is_told_apart_by_the_separator(self) -> None:
        style = MomentStyle.decide({"d.": 2, "m/": 2}, None)
        assert isinstance(style, MomentStyle)
        assert (style.orders["."], style.orders["/"]) == ("dmy", "mdy")

    def test_is_day_first_between_points(self) -> None:
        style = MomentStyle.decide({"?.": 2}, None)
        assert isinstance(style, MomentStyle)
        assert style.orders["."] == "dmy"

    def test_does_not_matter_where_day_and_month_are_the_same(self) -> None:
        assert isinstance(MomentStyle.decide({"=/": 2}, None), MomentStyle)

    def test_stays_undecided_without_evidence(self) -> None:
        assert MomentStyle.decide({"?/": 2}, None) == Undecided("/")

    @pytest.mark.parametrize("others", [(), ({"d/": 5}, {"m/": 2})])
    def test_is_mixed_when_both_orders_are_certain(
        self, others: tuple[dict[str, int], ...]
    ) -> None:
        style = MomentStyle.decide({"?/": 1} if others else {"d/": 5, "m/": 2}, None, others)
        assert isinstance(style, MomentStyle)
        assert style.orders["/"] == "mixed"

    def test_stays_undecided_when_years_come_first_too(self) -> None:
        assert MomentStyle.decide({"d/": 5, "y/": 2}, None) == Undecided("/", {"dmy": 5, "ymd": 2})


WRITERS: dict[Order, Callable[[dt.datetime], str]] = {
    "dmy": lambda moment: f"{moment.day}/{moment.month}/{moment.year} {moment:%H:%M}",
    "mdy": lambda moment: f"{moment.month}/{moment.day}/{moment.year} {moment:%I:%M %p}",
    "ymd": lambda moment: f"{moment:%Y-%m-%dT%H:%M}",
}


@settings(deadline=None)
@given(
    moments=st.lists(
        st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(2069, 12, 31)), min_size=1, max_size=20
    ),
    order=st.sampled_from(sorted(WRITERS)),
)
def test_reads_back_a_column_as_it_was_written_or_leaves_it_undecided(
    engine: duckdb.DuckDBPyConnection, moments: list[dt.datetime], order: Order
) -> None:
    to_the_minute = [moment.replace(second=0, microsecond=0) for moment in moments]
    texts = [WRITERS[order](moment) for moment in to_the_minute]
    listed = ", ".join(f"({literal(text)})" for text in texts)
    engine.execute(f"CREATE OR REPLACE TABLE t AS SELECT x FROM (VALUES {listed}) AS v(x)")
    counted = engine.execute(f"SELECT histogram({form('x')}) FROM t").fetchone()
    assert counted is not None
    style = MomentStyle.decide(counted[0], None)
    if isinstance(style, Undecided):
        assert all(moment.day <= 12 for moment in moments)
        return
    read = engine.execute(f"SELECT {style.reading('x', Kind.INSTANT, ZAGREB)} FROM t").fetchall()
    assert [each for (each,) in read] == to_the_minute
