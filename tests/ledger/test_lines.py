"""Groupings by product and family."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import hypothesis.strategies as st
from hypothesis import given, settings

from counterpoise.ledger.lines import beyond_lines, by_line, lines_of
from counterpoise.ledger.totals import Totals, add_up, cells, read_totals, totals_by
from tests.ledger.small_books import JUDGED, LINES, deal, line, memory_books, table

BOOKS = memory_books()


def grouped(deals: list[dict[str, Any]], lines: list[dict[str, Any]]) -> dict[str | None, Totals]:
    lined = Counter(each["deal_id"] for each in lines)
    counts = [
        {"has_lines": each["deal_id"] in lined, "line_count": lined[each["deal_id"]]}
        for each in deals
    ]
    heads = table(JUDGED, [each | count for each, count in zip(deals, counts, strict=True)])
    whole = read_totals(BOOKS.run(totals_by(cells(heads, {}))))[()]
    beyond = beyond_lines(BOOKS, heads, whole)
    return by_line(BOOKS, lines_of(heads, table(LINES, lines)), "product_id", beyond)


def test_gives_each_product_the_money_of_its_lines_and_the_deals_that_have_one() -> None:
    found = grouped(
        [
            deal("D1", list_amount=300, net_amount=270, concession=40, above_list=10),
            deal("D2", "lost", list_amount=50, net_amount=40),
        ],
        [
            line("D1", "P1", 100, 80),
            line("D1", "P1", 100, 80, line_no=2),
            line("D1", "P2", 100, 110, line_no=3),
            line("D2", "P2", 50, 40),
        ],
    )
    assert found["P1"] == Totals(
        deals_won=1,
        list_revenue=Decimal(200),
        net_revenue=Decimal(160),
        net_priced=Decimal(160),
        conceded=Decimal(40),
    )
    assert (found["P2"].deals_won, found["P2"].deals_lost, found["P2"].above_list) == (1, 1, 10)
    assert None not in found


def test_lets_a_deal_without_lines_stand_in_the_group_without_a_product() -> None:
    found = grouped([deal("D1", list_amount=100, net_amount=90), deal("D2", net_amount=7)], [])
    assert (found[None].deals_won, found[None].list_revenue) == (2, 100)
    assert (found[None].net_revenue, found[None].net_priced) == (97, 90)


def test_keeps_lines_of_an_unknown_product() -> None:
    found = grouped([deal("D1", list_amount=10, net_amount=9)], [line("D1", None, 10, 9)])
    assert (found[None].deals_won, found[None].conceded) == (1, 1)


def test_gives_no_product_what_only_the_deal_knows() -> None:
    # The deal says 100 for the whole; one of its lines has no list price.
    found = grouped(
        [deal("D1", list_amount=100, net_amount=70)],
        [line("D1", "P1", 40, 30), line("D1", "P2", None, 40, line_no=2)],
    )
    assert (found["P1"].list_revenue, found["P1"].price_realization) == (40, Decimal("0.75"))
    assert (found["P2"].net_revenue, found["P2"].list_revenue) == (40, 0)
    assert (found[None].list_revenue, found[None].net_priced, found[None].conceded) == (60, 40, 20)
    assert found[None].deals_won == 0


MONEY = st.decimals(min_value=0, max_value=10**6, places=2)


@st.composite
def sold(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Draw deals with and without lines, whose amounts are those of their lines."""
    deals, lines = [], []
    for at in range(draw(st.integers(0, 6))):
        name = f"D{at}"
        outcome = draw(st.sampled_from(["won", "lost", "open", "cancelled"]))
        own = [
            line(
                name,
                draw(st.sampled_from(["P1", "P2", None])),
                draw(MONEY),
                draw(MONEY),
                line_no=no,
            )
            for no in range(draw(st.integers(0, 3)))
        ]
        lines += own
        sums = {
            column: sum((each[column] for each in own), Decimal(0))
            for column in ("list_amount", "net_amount", "concession", "above_list")
        }
        listed, net = draw(st.none() | MONEY), draw(st.none() | MONEY)
        deals.append(
            deal(name, outcome, **sums)
            if own
            else deal(name, outcome, list_amount=listed, net_amount=net)
        )
    return deals, lines


@settings(max_examples=40, deadline=None)
@given(sold())
def test_products_add_up_to_the_deals_to_the_cent(
    given_rows: tuple[list[dict[str, Any]], list[dict[str, Any]]],
) -> None:
    deals, lines = given_rows
    whole = read_totals(BOOKS.run(totals_by(cells(table(JUDGED, deals), {}))))[()]
    found = grouped(deals, lines)
    summed = add_up(found.values())
    for name in ("list_revenue", "net_revenue", "net_priced", "conceded", "above_list"):
        assert getattr(summed, name) == getattr(whole, name), name
    # No deal here holds more than its lines, so every group has a deal.
    assert all(each.deals_won or each.deals_lost for each in found.values())
