"""What a figure of a past quarter is made of, then and now."""

import datetime as dt
from decimal import Decimal
from functools import partial

import pytest

from counterpoise.books.comparing import (
    Cause,
    CauseOfChange,
    Comparison,
    Figures,
    QuarterChange,
    compare_snapshots,
)
from counterpoise.books.snapshot import SnapshotError
from counterpoise.books.workspace import Workspace
from tests.books.conftest import Import, deals

HEADER = "deal_id,outcome,created_at,closed_at,list_amount,net_amount"
THEN = deals(
    "D1,won,2025-12-01,2026-01-15,100,90",  # stays
    "D2,won,2025-12-01,2026-02-15,200,150",  # its net amount changes
    "D3,won,2025-12-01,2026-03-15,300,300",  # moves to the next quarter
    "D4,won,2025-12-01,2026-03-20,400,350",  # is removed
    "D5,lost,2025-12-01,2026-03-21,500,450",  # was won after all
    "D6,open,2025-12-01,,600,600",
    header=HEADER,
)
NOW = deals(
    "D1,won,2025-12-01,2026-01-15,100,90",
    "D2,won,2025-12-01,2026-02-15,210,140",
    "D3,won,2025-12-01,2026-04-02,300,300",
    "D5,won,2025-12-01,2026-03-21,500,450",
    "D6,won,2025-12-01,2026-04-15,600,600",
    "D7,won,2026-01-01,2026-01-20,700,650",  # is new
    header=HEADER,
)
NOON = partial(dt.datetime, 2026, 6, 30, 12, tzinfo=dt.UTC)


@pytest.fixture
def comparison(workspace: Workspace, imported: Import) -> Comparison:
    imported(deals=THEN)
    imported(deals=NOW)
    return compare_snapshots(workspace, now=NOON)


def test_tells_for_each_quarter_what_changed(comparison: Comparison) -> None:
    first, second = comparison.quarters
    assert first == QuarterChange(
        "2026-Q1",
        Figures(4, Decimal(890), Decimal(1000)),
        Figures(4, Decimal(1330), Decimal(1510)),
        (
            CauseOfChange(Cause.ADDED, 1, Decimal(650), Decimal(700)),
            CauseOfChange(Cause.OUTCOME, 1, Decimal(450), Decimal(500)),
            CauseOfChange(Cause.REMOVED, 1, Decimal(-350), Decimal(-400)),
            CauseOfChange(Cause.CLOSED_AT, 1, Decimal(-300), Decimal(-300)),
            CauseOfChange(Cause.NET_AMOUNT, 1, Decimal(-10), Decimal(0)),
            CauseOfChange(Cause.LIST_AMOUNT, 1, Decimal(0), Decimal(10)),
        ),
    )
    assert second == QuarterChange(
        "2026-Q2",
        Figures(0, Decimal(0), Decimal(0)),
        Figures(2, Decimal(900), Decimal(900)),
        (
            CauseOfChange(Cause.OUTCOME, 1, Decimal(600), Decimal(600)),
            CauseOfChange(Cause.CLOSED_AT, 1, Decimal(300), Decimal(300)),
        ),
    )


def test_reconciles(comparison: Comparison) -> None:
    for quarter in comparison.quarters:
        changed = sum(cause.net_revenue for cause in quarter.causes)
        assert quarter.then.net_revenue + changed == quarter.now.net_revenue
        changed = sum(cause.list_revenue for cause in quarter.causes)
        assert quarter.then.list_revenue + changed == quarter.now.list_revenue


def test_names_the_deals_that_move_most(comparison: Comparison) -> None:
    first = comparison.deals[0]
    assert (first.deal_id, first.quarter, first.cause) == ("D7", "2026-Q1", Cause.ADDED)
    outcome = next(each for each in comparison.deals if each.deal_id == "D5")
    assert (outcome.cause, outcome.then, outcome.now) == (Cause.OUTCOME, "lost", "won")


def test_counts_the_rows_of_tables(comparison: Comparison) -> None:
    ((table, then, now),) = [(each.table, each.then, each.now) for each in comparison.tables]
    assert (table, then, now) == ("deals", 6, 6)


def test_says_that_nothing_changed(workspace: Workspace, imported: Import) -> None:
    imported(deals=THEN)
    same = compare_snapshots(workspace, "current", "current", now=NOON)
    assert all(quarter.then == quarter.now and not quarter.causes for quarter in same.quarters)
    assert same.deals == ()


def test_wants_two_snapshots(workspace: Workspace, imported: Import) -> None:
    imported(deals=THEN)
    with pytest.raises(SnapshotError, match="no snapshot before"):
        compare_snapshots(workspace, now=NOON)
