"""Whether the books can tell what discounts do to winning."""

from __future__ import annotations

import pytest

from counterpoise.ledger.discount_effect import (
    EffectStatus,
    Recorded,
    discount_effect,
    judge_recording,
    recorded,
)
from tests.ledger.small_books import JUDGED, deal, memory_books, table

BOOKS = memory_books()


def side(deals: int, known: int, at_list: int = 0, near: int = 0, mean: float = 0.1) -> Recorded:
    """Return deals whose rates lie around a mean with a standard deviation of that mean."""
    square = 2 * mean * mean
    return Recorded(
        deals, known, at_list, mean * known, square * known, near, mean * near, square * near
    )


def at_two_rates(won: tuple[int, int, int]) -> tuple[Recorded, Recorded]:
    """Return a thousand deals each at list, at 5 % and at 15 % off, of which so many were won."""
    at_list, low, high = won
    return _at_two_rates(at_list, low, high), _at_two_rates(1000 - at_list, 1000 - low, 1000 - high)


def _at_two_rates(at_list: int, low: int, high: int) -> Recorded:
    deals = at_list + low + high
    rates, squares = 0.05 * low + 0.15 * high, 0.0025 * low + 0.0225 * high
    return Recorded(deals, deals, at_list, rates, squares, low + high, rates, squares)


def test_finds_rates_that_are_recorded_alike_on_both_sides() -> None:
    found = judge_recording(side(1000, 990), side(1000, 980))
    assert found.status is EffectStatus.IDENTIFIABLE
    assert "99%" in found.why
    assert "98%" in found.why


@pytest.mark.parametrize(
    ("won", "lost", "says"),
    [
        (side(0, 0), side(10, 10), "hold no won deals"),
        (side(10, 10), side(0, 0), "hold no lost deals"),
        (side(4238, 4238), side(2473, 0), "Lost offers are not recorded: 0 of 2,473 lost deals"),
        (side(1000, 1000), side(1000, 800), "depends on how the deal ended"),
        (side(1000, 800), side(1000, 1000), "depends on how the deal ended"),
        (side(60, 60), side(40, 40), "Too few deals"),
        (side(1000, 990, mean=0.0001), side(1000, 980, mean=0.0001), "Rates hardly vary"),
        (side(1000, 1000, 40, 300), side(1000, 1000, 400, 100), "exactly 0 seems to stand for"),
    ],
)
def test_refuses_where_the_records_cannot_tell(won: Recorded, lost: Recorded, says: str) -> None:
    found = judge_recording(won, lost)
    assert found.status is EffectStatus.REFUSED
    assert says in found.why


def test_every_refusal_says_what_to_record() -> None:
    for won, lost in [(side(9, 9), side(0, 0)), (side(9, 9), side(9, 0)), (side(9, 9), side(9, 9))]:
        assert "record" in judge_recording(won, lost).why.lower()


def test_a_small_difference_in_recording_is_no_objection() -> None:
    assert judge_recording(side(1000, 1000), side(1000, 955)).status is EffectStatus.IDENTIFIABLE


def test_a_large_difference_on_few_deals_is_no_objection() -> None:
    # Seven points apart, but on 60 deals a side the interval reaches over 0.
    found = judge_recording(side(60, 58), side(60, 54))
    assert found.status is EffectStatus.IDENTIFIABLE


def test_what_a_discount_does_to_winning_is_no_fault_of_the_books() -> None:
    # 44 % at 5 % off and 54 % at 15 % off point to 39 % at list.
    won, lost = at_two_rates((390, 440, 540))
    assert judge_recording(won, lost).status is EffectStatus.IDENTIFIABLE


def test_deals_at_list_that_fall_out_of_line_are() -> None:
    won, lost = at_two_rates((250, 440, 540))
    found = judge_recording(won, lost)
    assert found.status is EffectStatus.REFUSED
    assert "25.0% of deals at list are won" in found.why
    assert "would have 39.0% of them won" in found.why


def test_counts_what_is_on_record_of_each_side() -> None:
    deals = [
        deal("D1", list_amount=100, net_amount=100),
        deal("D2", list_amount=100, net_amount=90),
        deal("D3", list_amount=100, net_amount=50),
        deal("D4", "lost", list_amount=100),
        deal("D5", "lost", list_amount=0, net_amount=0),
        deal("D6", "open", list_amount=100, net_amount=10),
    ]
    rows = {row["outcome"]: row for row in BOOKS.run(recorded(table(JUDGED, deals))).to_pylist()}
    assert rows.keys() == {"won", "lost"}
    won = rows["won"]
    assert (won["deals"], won["known"], won["at_list"], won["near"]) == (3, 3, 1, 1)
    assert won["rate_sum"] == pytest.approx(0.6)
    assert won["square_sum"] == pytest.approx(0.26)
    assert won["near_rate_sum"] == pytest.approx(0.1)
    assert won["near_square_sum"] == pytest.approx(0.01)
    assert (rows["lost"]["deals"], rows["lost"]["known"]) == (2, 0)


def test_refuses_where_lost_deals_carry_no_price() -> None:
    deals = [deal("D1", list_amount=10, net_amount=9), deal("D2", "lost", list_amount=10)]
    found = discount_effect(BOOKS, table(JUDGED, deals))
    assert found.status is EffectStatus.REFUSED
    assert found.why.startswith("Lost offers are not recorded")
