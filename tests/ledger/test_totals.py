"""Totals: what a set of deals adds up to."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import hypothesis.strategies as st
from hypothesis import given, settings

from counterpoise.books.books import Books
from counterpoise.ledger.totals import Totals, add_up, cells, read_totals, totals_by
from tests.ledger.small_books import JUDGED, deal, memory_books, table

BOOKS = memory_books()


def totals(rows: list[dict[str, Any]], *keys: str, books: Books = BOOKS) -> dict[Any, Totals]:
    deals = table(JUDGED, rows)
    found = cells(deals, {key: deals[key] for key in keys})
    return read_totals(books.run(totals_by(found, *keys)), *keys)


def test_counts_deals_by_outcome_and_keeps_cancelled_ones_out_of_the_win_rate() -> None:
    outcomes = ["won", "won", "won", "lost", "cancelled", "cancelled", "open"]
    found = totals([deal(f"D{at}", each) for at, each in enumerate(outcomes)])[()]
    assert (found.deals_won, found.deals_lost, found.deals_cancelled, found.deals_open) == (
        3,
        1,
        2,
        1,
    )
    assert found.win_rate == Decimal("0.75")


def test_has_no_ratio_where_there_is_nothing_to_divide_by() -> None:
    found = totals([deal("D1", "open", list_amount=100, net_amount=90)])[()]
    assert (found.win_rate, found.price_realization, found.conceded_rate) == (None, None, None)


def test_has_no_ratio_over_no_deals_at_all() -> None:
    assert totals([])[()] == Totals()


def test_adds_up_the_money_of_won_deals_alone() -> None:
    found = totals(
        [
            deal("D1", list_amount=100, net_amount=90),
            deal("D2", list_amount=50, net_amount=60),
            deal("D3", "lost", list_amount=1000, net_amount=500),
            deal("D4", "open", list_amount=1000, net_amount=500),
        ]
    )[()]
    assert (found.list_revenue, found.net_revenue) == (150, 150)
    assert (found.conceded, found.above_list) == (10, 10)
    assert (found.value_held, found.value_given) == (150, 10)
    assert found.price_realization == 1


def test_lets_a_deal_without_list_stand_apart_and_out_of_realization() -> None:
    found = totals(
        [
            deal("D1", list_amount=100, net_amount=80),
            deal("D2", net_amount=70),
            deal("D3", list_amount=40),
            deal("D4"),
        ]
    )[()]
    assert (found.unpriced_deals, found.unpriced_net, found.blank_deals) == (2, 70, 1)
    assert (found.net_revenue, found.net_priced, found.list_revenue) == (150, 80, 100)
    assert found.price_realization == Decimal("0.8")


def test_tells_a_margin_of_the_deals_whose_cost_is_known() -> None:
    found = totals(
        [
            deal(
                "D1",
                list_amount=100,
                net_amount=80,
                cost_amount=50,
                customization_cost=5,
                adjustment_amount=3,
            ),
            deal("D2", list_amount=200, net_amount=190, customization_cost=7),
        ]
    )[()]
    assert (found.uncosted_deals, found.uncosted_net) == (1, 190)
    assert found.margin == 80 + 190 - 5 - 3 - 7 - 50
    assert (found.costed.deals, found.costed.list_revenue, found.costed.margin) == (1, 100, 22)
    assert found.costed.margin_rate == Decimal("0.275")


def test_keeps_a_missing_key_as_a_key() -> None:
    rows = [
        deal("D1", source="web", list_amount=1, net_amount=1),
        deal("D2", list_amount=2, net_amount=2),
    ]
    found = totals(rows, "source")
    assert {key: each.net_revenue for (key,), each in found.items()} == {"web": 1, None: 2}


MONEY = st.decimals(min_value=0, max_value=10**9, places=4)
DEALS = st.lists(
    st.builds(
        lambda outcome, listed, net, cost, source: deal(
            "D", outcome, list_amount=listed, net_amount=net, cost_amount=cost, source=source
        ),
        st.sampled_from(["won", "lost", "cancelled", "open"]),
        st.none() | MONEY,
        st.none() | MONEY,
        st.none() | MONEY,
        st.sampled_from(["web", "fair", "", None]),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(DEALS)
def test_groups_add_up_to_the_whole_exactly(rows: list[dict[str, Any]]) -> None:
    assert add_up(totals(rows, "source").values()) == totals(rows)[()]


@settings(max_examples=20, deadline=None)
@given(DEALS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(
    rows: list[dict[str, Any]], chance: random.Random
) -> None:
    shuffled = rows[:]
    chance.shuffle(shuffled)
    assert totals(shuffled, "source") == totals(rows, "source")


def test_a_part_taken_away_leaves_the_rest() -> None:
    whole = Totals(deals_won=3, net_revenue=Decimal(30))
    part = Totals(deals_won=1, net_revenue=Decimal(12))
    assert whole - part + part == whole
