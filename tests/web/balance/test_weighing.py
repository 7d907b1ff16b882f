"""What is weighed over which months, and how it stands against the goal."""

import datetime as dt

import pytest

from counterpoise.web.balance.weighing import Span, goal_of, spans, weigh
from tests.web.balance.reviews import month, review

START = dt.date(2026, 1, 1)
MONTHS = (
    month("2025-06", 50.0, 50.0),
    month("2025-07", 70.0, 30.0, deals_won=1),
    month("2026-03", 80.0, 20.0, deals_won=2),
    month("2026-04", 90.0, 10.0, deals_won=3, deals_lost=1, leakage_low=2.0, leakage_high=4.0),
    month("2026-06", 100.0, 0.0, above_list=5.0),
)


@pytest.mark.parametrize(
    ("span", "held", "given"),
    [
        (Span.ALL, 390.0, 110.0),
        (Span.YEAR, 340.0, 60.0),
        (Span.QUARTER, 190.0, 10.0),
        (Span.AGREEMENT, 270.0, 30.0),
    ],
)
def test_adds_up_the_months_of_a_span(span: Span, held: float, given: float) -> None:
    weighing = weigh(review(*MONTHS), span, START)
    assert (weighing.held, weighing.given, weighing.list_value) == (held, given, held + given)


def test_adds_up_deals_leakage_and_what_is_above_list() -> None:
    weighing = weigh(review(*MONTHS), Span.QUARTER, START)
    assert (weighing.won, weighing.lost) == (3, 1)
    assert (weighing.leakage_low, weighing.leakage_high, weighing.above_list) == (2.0, 4.0, 5.0)
    assert weighing.win_rate == 0.75


def test_holds_realization_against_the_goal() -> None:
    weighing = weigh(review(month("2026-06", 90.0, 10.0), goal=0.95), Span.ALL, START)
    assert weighing.realization == 0.9
    assert weighing.gap == pytest.approx(-0.05)
    assert weighing.gap_amount == pytest.approx(5.0)


def test_weighs_nothing_where_nothing_was_won() -> None:
    weighing = weigh(review(goal=0.95), Span.ALL, None)
    assert (weighing.realization, weighing.gap, weighing.win_rate) == (None, None, None)


@pytest.mark.parametrize(
    ("starts_on", "first"),
    [
        (dt.date(2026, 1, 1), Span.AGREEMENT),
        (dt.date(2026, 1, 15), Span.YEAR),
        (dt.date(2026, 7, 1), Span.YEAR),
        (None, Span.YEAR),
    ],
)
def test_offers_the_agreements_own_days_where_they_are_whole_months(
    starts_on: dt.date | None, first: Span
) -> None:
    assert spans(review(*MONTHS), starts_on)[0] is first


def test_weighs_the_trade_against_the_goal_of_the_trade() -> None:
    goals = [
        {"metric": "price_realization", "target": 0.9},
        {"metric": "base_price_realization", "target": 0.85},
    ]
    assert goal_of({"goals": goals}) == 0.9
    assert goal_of({"goals": goals, "is_of_trade": True}) == 0.85
