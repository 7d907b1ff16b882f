"""The fiscal calendar, in Python and as expressions."""

from __future__ import annotations

import datetime as dt

import hypothesis.strategies as st
import ibis
import pytest
from hypothesis import given, settings

from counterpoise.agreement.quantities import Period
from counterpoise.ledger.fiscal import (
    fiscal_quarter,
    fiscal_quarter_expr,
    month_label,
    month_number,
    month_number_expr,
    whole_periods,
)
from tests.ledger.small_books import memory_books

BOOKS = memory_books()


@pytest.mark.parametrize(
    ("day", "starts", "label"),
    [
        ("2025-12-15", 2, "FY2026-Q4"),
        ("2026-01-31", 2, "FY2026-Q4"),
        ("2026-02-01", 2, "FY2027-Q1"),
        ("2026-04-30", 2, "FY2027-Q1"),
        ("2026-05-01", 2, "FY2027-Q2"),
        ("2026-01-01", 1, "FY2026-Q1"),
        ("2026-12-31", 1, "FY2026-Q4"),
        ("2026-11-30", 12, "FY2026-Q4"),
        ("2026-12-01", 12, "FY2027-Q1"),
        ("2026-06-30", 7, "FY2026-Q4"),
    ],
)
def test_names_a_quarter_by_the_year_in_which_the_fiscal_year_ends(
    day: str, starts: int, label: str
) -> None:
    assert fiscal_quarter(dt.date.fromisoformat(day), starts) == label


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31)), min_size=1, max_size=20, unique=True
    ),
    st.integers(1, 12),
)
def test_gives_the_same_labels_in_the_engine_and_in_python(
    days: list[dt.date], starts: int
) -> None:
    table = ibis.memtable({"day": days}, schema={"day": "date"})
    rows = BOOKS.run(
        table.select(
            "day",
            label=fiscal_quarter_expr(table.day, starts),
            month=month_number_expr(table.day),
        )
    ).to_pylist()
    assert {row["day"]: (row["label"], row["month"]) for row in rows} == {
        day: (fiscal_quarter(day, starts), month_number(day)) for day in days
    }


def test_names_months_by_year_and_month() -> None:
    assert month_label(month_number(dt.date(2026, 12, 31))) == "2026-12"


def test_leaves_out_periods_that_are_not_whole() -> None:
    spans = whole_periods(dt.date(2026, 1, 2), dt.date(2026, 7, 30), Period.QUARTER, 2)
    assert spans == ((dt.date(2026, 2, 1), dt.date(2026, 4, 30)),)


def test_counts_weeks_from_monday() -> None:
    spans = whole_periods(dt.date(2026, 6, 1), dt.date(2026, 6, 14), Period.WEEK, 1)
    assert spans == (
        (dt.date(2026, 6, 1), dt.date(2026, 6, 7)),
        (dt.date(2026, 6, 8), dt.date(2026, 6, 14)),
    )
