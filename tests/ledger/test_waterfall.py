"""The waterfall and the break-even."""

from __future__ import annotations

from decimal import Decimal

import hypothesis.strategies as st
from hypothesis import given

from counterpoise.ledger.break_even import break_even
from counterpoise.ledger.totals import Costed, Totals
from counterpoise.ledger.waterfall import concessions, waterfall

WHOLE = Totals(
    deals_won=2,
    priced_deals=2,
    list_revenue=Decimal(1000),
    net_priced=Decimal(880),
    conceded=Decimal(150),
    above_list=Decimal(30),
    within_authority=Decimal(100),
    approved=Decimal(20),
    leakage=Decimal(25),
    unjudged=Decimal(5),
    leakage_high=Decimal(30),
    customization=Decimal(40),
    adjustments=Decimal(10),
    cost=Decimal(500),
)


def test_goes_from_list_to_margin_in_the_agreed_order_with_signs() -> None:
    assert [(step.step.value, step.amount) for step in waterfall(WHOLE)] == [
        ("list", 1000),
        ("within_authority", -100),
        ("approved", -20),
        ("leakage", -25),
        ("unjudged", -5),
        ("above_list", 30),
        ("net", 880),
        ("customization", -40),
        ("adjustments", -10),
        ("cost", -500),
        ("margin", 330),
    ]


def test_bounds_leakage_by_what_is_unjudged() -> None:
    found = concessions(WHOLE)
    assert (found.leakage_low, found.leakage, found.leakage_high) == (25, 25, 30)


def test_one_point_more_pays_only_with_the_wins_that_bring_it_back() -> None:
    # A point of 1000 costs 10; 330 - 10 = 320 over 2 deals is 160 a win; 10 / 160 of a win.
    found = break_even(Costed(2, Decimal(1000), Decimal(880), Decimal(330)))
    assert (found.cost, found.more_wins, found.more_wins_rate) == (10, 1, Decimal("0.03125"))
    assert found.says == "1 point more of list costs 10 and pays only with 1 more win on 2."


def test_ten_points_of_ten_points_of_margin_never_pay() -> None:
    found = break_even(Costed(5, Decimal(100), Decimal(90), Decimal(10)), Decimal(10))
    assert (found.cost, found.more_wins) == (10, None)
    assert "no wins pay for it" in found.says


def test_says_that_costs_are_unknown_where_they_are() -> None:
    found = break_even(Costed(0, Decimal(0), Decimal(0), Decimal(0)))
    assert (found.more_wins, found.margin_per_deal) == (None, None)
    assert "record unit costs" in found.says


@given(st.integers(1, 10**6), st.integers(1, 10**9), st.integers(1, 10**9))
def test_the_wins_asked_for_bring_back_what_the_point_costs(
    deals: int, listed: int, margin: int
) -> None:
    found = break_even(Costed(deals, Decimal(listed), Decimal(listed), Decimal(margin)))
    if found.more_wins is None:
        assert found.cost >= margin
    else:
        each = (margin - found.cost) / deals
        assert found.more_wins * each >= found.cost * (1 - Decimal("1e-20"))
        assert (found.more_wins - 1) * each < found.cost
