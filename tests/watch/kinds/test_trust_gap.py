"""The pulse of the two sides parts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from counterpoise.watch import Watched
from counterpoise.watch.kinds.trust_gap import KIND
from counterpoise.watch.watching import watch
from tests.ledger.small_books import deal
from tests.watch.fact_books import agreed, asked_of, in_memory

TEXT = """
agreement: counterpoise/v1
title: Test
in_force: {from: 2025-01-01, until: 2026-12-31}
roles:
  rep: {side: sales, default: true}
  marketer: {side: marketing}
watch: {material: 1000}
"""
AGREED = agreed(TEXT)
DEALS = [
    deal(f"D{number}", list_amount=1_000_000, net_amount=900_000, outcome="won")
    for number in range(8)
]
QUARTERS = 365 / 91.3125


def said(first: str, side: str, n: int, score: float, spread: float) -> dict[str, Any]:
    day = dt.date.fromisoformat(first)
    return {
        "pulse_id": f"{first}-{side}",
        "first_on": day,
        "closed_on": day + dt.timedelta(days=14),
        "side": side,
        "answers": n,
        "score": Decimal(str(score)),
        "spread": Decimal(str(spread)),
    }


PULSES = [
    said("2026-04-01", "sales", 12, 66, 9),
    said("2026-04-01", "marketing", 9, 60, 9),
    said("2026-05-01", "sales", 12, 74, 8),
    said("2026-05-01", "marketing", 9, 42, 6),
    said("2026-06-01", "sales", 12, 90, 1),  # marketing is too small to be shown
    said("2026-07-01", "sales", 12, 90, 1),  # after the day
    said("2026-07-01", "marketing", 12, 20, 1),
]


@pytest.fixture
def watched() -> Watched:
    return in_memory(AGREED, DEALS, pulses=PULSES)


def test_holds_the_latest_gap_against_half_a_band(watched: Watched) -> None:
    found = asked_of(KIND, watched)["company"]
    assert (found.observed, found.expected, found.n) == (32.0, 10.0, 21)
    # Welch: variances 64 / 12 and 36 / 9, error √9.3333; 19 degrees (18.97); t = 22 / 3.0551.
    assert found.p == pytest.approx(3.5e-7, rel=0.25)
    assert found.high - found.observed == pytest.approx(2.0932 * 3.0551, rel=1e-3)
    assert found.since == dt.date(2026, 5, 1)
    assert [mark.value for mark in found.picture.marks] == [6.0, 32.0]


def test_weighs_it_by_what_is_conceded(watched: Watched) -> None:
    found = asked_of(KIND, watched)["company"]
    assert float(found.stake) == pytest.approx(32 / 80 * 800_000 / QUARTERS, abs=0.01)
    rows = watched.books.run(KIND.rows(watched, found)).to_pylist()
    assert [row["pulse_id"] for row in rows] == ["2026-05-01-marketing", "2026-05-01-sales"]
    assert sum(row["stake_part"] for row in rows) == pytest.approx(float(found.stake), abs=0.01)


def test_says_who_sees_it_how(watched: Watched) -> None:
    (crack,) = [each for each in watch(watched).cracks if each.kind == "trust_gap"]
    assert crack.side == "both"
    assert crack.says.startswith(
        "The sides part in how they see their work together: sales scores 74 of 100, marketing 42. "
        "The 32 points between them"
    )
    assert "let marketing tell" in crack.next_step
    found = asked_of(KIND, watched)["company"]
    assert KIND.other_view(watched, found).says == (
        "At the pulse before the sides were 6 points apart; they came further apart by 26."
    )


def test_is_silent_where_the_gap_may_be_chance() -> None:
    pulses = [
        said("2026-05-01", "sales", 5, 66, 12),
        said("2026-05-01", "marketing", 5, 50, 12),
    ]
    watched = in_memory(AGREED, DEALS, pulses=pulses)
    (found,) = KIND.test(watched)
    assert found.p is not None
    assert found.p > 0.2
    assert not [each for each in watch(watched).cracks if each.kind == "trust_gap"]


def test_is_certain_where_each_side_is_of_one_mind() -> None:
    pulses = [said("2026-05-01", "sales", 5, 60, 0), said("2026-05-01", "marketing", 5, 80, 0)]
    (found,) = KIND.test(in_memory(AGREED, DEALS, pulses=pulses))
    assert (found.p, found.low, found.high) == (0.0, 20.0, 20.0)


def test_is_not_watched_without_a_pulse_of_both_sides() -> None:
    without = {each.kind: each.why for each in watch(in_memory(AGREED, DEALS)).not_watched}
    assert without["trust_gap"] == "the books hold no pulses"
    one = in_memory(AGREED, DEALS, pulses=PULSES[4:5])
    told = {each.kind: each.why for each in watch(one).not_watched}
    assert told["trust_gap"] == "no pulse of the last year tells of both sides"
