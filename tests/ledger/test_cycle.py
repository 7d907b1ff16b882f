"""Cycle time."""

from __future__ import annotations

import datetime as dt
import statistics
from decimal import Decimal
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from counterpoise.ledger.cycle import CycleTime, cycle
from tests.ledger.small_books import deal, deals_of, memory_books

BOOKS = memory_books()
START = dt.datetime(2026, 1, 1)


def closed(name: str, outcome: str, days: float, **facts: Any) -> dict[str, Any]:
    return deal(name, outcome, created_at=START, closed_at=START + dt.timedelta(days=days), **facts)


def test_takes_the_median_of_won_and_lost_deals_apart() -> None:
    deals = [closed(f"W{days}", "won", days) for days in (10, 20, 90)]
    deals += [closed(f"L{days}", "lost", days) for days in (4, 7.5)]
    deals += [closed("C", "cancelled", 500), closed("O", "open", 900)]
    found = cycle(BOOKS, deals_of(deals), ())
    assert found.all == CycleTime(Decimal(20), Decimal("5.75"))
    assert (found.before_created, found.undated) == (0, 0)


def test_counts_what_closed_before_it_was_created_as_the_shortest() -> None:
    deals = [closed("W1", "won", 10), closed("W2", "won", -3), closed("W3", "won", 4)]
    found = cycle(BOOKS, deals_of([*deals, deal("W4", created_at=START)]), ())
    assert found.all == CycleTime(Decimal(4), None)
    assert (found.before_created, found.undated) == (1, 1)


def test_counts_a_deal_closed_at_once() -> None:
    assert cycle(BOOKS, deals_of([closed("W", "won", 0)]), ()).all.won == 0


def test_tells_the_median_of_each_group() -> None:
    deals = [
        closed("W1", "won", 10, source="web"),
        closed("W2", "won", 30, source="web"),
        closed("L1", "lost", 5),
    ]
    found = cycle(BOOKS, deals_of(deals), [{"source": "source"}])
    assert found.by["source"] == {
        "web": CycleTime(Decimal(20), None),
        None: CycleTime(None, Decimal(5)),
    }


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(-5, 9), st.sampled_from(["a", None])), min_size=1))
def test_a_median_of_whole_days_is_exact_in_every_group(
    drawn: list[tuple[int, str | None]],
) -> None:
    deals = [closed(f"W{at}", "won", days, source=key) for at, (days, key) in enumerate(drawn)]
    found = cycle(BOOKS, deals_of(deals), [{"source": "source"}]).by["source"]
    by_key: dict[str | None, list[int]] = {}
    for days, key in drawn:
        by_key.setdefault(key, []).append(days)
    assert {key: each.won for key, each in found.items()} == {
        key: Decimal(repr(float(statistics.median(days)))) for key, days in by_key.items()
    }


def test_a_median_of_fractions_is_less_than_a_day_off_in_a_group() -> None:
    deals = [closed(f"W{days}", "won", days) for days in (3.0, 7.25, 7.5, 7.75, 30.0)]
    found = cycle(BOOKS, deals_of(deals), [{"source": "source"}])
    assert found.all.won == Decimal("7.5")
    assert found.by["source"][None].won == pytest.approx(Decimal("7.5"), abs=1)
