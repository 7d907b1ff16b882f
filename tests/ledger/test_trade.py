"""The trade adds up: figures worked out by hand from a handful of weeks."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from counterpoise.books.facts import View
from counterpoise.ledger.trade import Trade, TradeStepName, TradeTotals, trade
from tests.ledger.small_books import memory_books

MONDAY = dt.date(2026, 1, 5)
LATER = dt.date(2026, 12, 31)
GOODS: list[dict[str, Any]] = [
    {"product_id": "P1", "family": "juice"},
    {"product_id": "P2", "family": "juice"},
    {"product_id": "P3", "family": None},
]


def week(at: int, account: str, product: str, units: int, **facts: Any) -> dict[str, Any]:
    """Return a week of sell-through; prices are texts."""
    prices = {
        name: None if facts.get(name) is None else Decimal(facts[name])
        for name in ("net_price", "base_price", "trade_spend")
    }
    signs = {name: facts.get(name) for name in ("featured", "displayed")}
    return {
        "week": MONDAY + dt.timedelta(weeks=at),
        "account_id": account,
        "product_id": product,
        "units": Decimal(units),
        **prices,
        **signs,
    }


WEEKS = [
    week(0, "A", "P1", 10, net_price="2.00", base_price="2.00", featured=False),
    week(1, "A", "P1", 40, net_price="1.50", base_price="2.00", featured=True),
    week(0, "B", "P2", 20, net_price="3.10", base_price="3.00", featured=False),
    week(1, "B", "P3", 5, net_price="4.00", featured=True),
    week(2, "B", "P3", 7, featured=False),
]


def traded(weeks: list[dict[str, Any]], as_of: dt.date = LATER, **tables: Any) -> Trade:
    """Add up weeks as of a day."""
    found = trade(View(memory_books(sell_through=weeks, products=GOODS, **tables), as_of))
    assert found is not None
    return found


def amounts(totals: TradeTotals) -> dict[str, Decimal]:
    """Return the waterfall by the name of the step."""
    return {each.step.value: each.amount for each in totals.waterfall}


def test_base_price_leads_to_net() -> None:
    totals = traded(WEEKS).totals
    assert amounts(totals) == {
        "base": Decimal(160),  # 20 + 80 + 60
        "depth": Decimal(-20),  # 40 x 0.50
        "above_base": Decimal(2),  # 20 x 0.10
        "net": Decimal(142),
    }
    assert totals.price_realization == Decimal(142) / Decimal(160)


def test_weeks_without_a_base_price_stand_apart_and_all_reconciles() -> None:
    totals = traded(WEEKS).totals
    assert (totals.weeks, totals.units) == (5, Decimal(82))
    assert (totals.unpriced_weeks, totals.unpriced_net) == (2, Decimal(20))
    assert totals.net_sales == totals.priced_net + totals.unpriced_net == Decimal(162)


def test_what_nobody_knows_to_be_on_deal_leaves_bounds() -> None:
    totals = traded(WEEKS).totals
    # on deal: 40 of A and 5 featured of B; unknown: the 7 whose price nobody knows
    assert totals.share_on_deal == (Decimal(45) / Decimal(82), Decimal(52) / Decimal(82))


def test_what_a_source_never_records_says_nothing_either_way() -> None:
    weeks = [
        week(0, "A", "P1", 30, net_price="2", featured=False),
        week(1, "A", "P1", 10, net_price="1", featured=True),
    ]
    found = traded(weeks)
    assert found.totals.share_on_deal == (Decimal("0.25"), Decimal("0.25"))
    assert found.signs.missing == ("base price", "displays")


def test_no_sign_of_a_promotion_at_all_leaves_no_share() -> None:
    found = traded([week(0, "A", "P1", 30, net_price="2")])
    assert found.totals.share_on_deal is None


@pytest.mark.parametrize(("net", "is_cut"), [("1.90", True), ("1.91", False)])
def test_a_cut_is_five_percent_or_more(net: str, is_cut: bool) -> None:
    found = traded([week(0, "A", "P1", 8, net_price=net, base_price="2.00")])
    assert found.totals.units_on_deal == (8 if is_cut else 0)


def test_groups_add_up_to_the_whole_and_a_null_group_is_a_group() -> None:
    found = traded(WEEKS)
    for groups in found.by.values():
        assert sum(each.totals.net_sales for each in groups) == found.totals.net_sales
        assert sum(each.totals.weeks for each in groups) == found.totals.weeks
    families = {each.key: each.totals.net_sales for each in found.by["product_family"]}
    assert families == {"juice": Decimal(142), None: Decimal(20)}


def test_weeks_after_the_day_are_unseen() -> None:
    found = traded(WEEKS, as_of=MONDAY + dt.timedelta(days=6))
    assert (found.totals.weeks, found.last) == (2, MONDAY)


def test_spend_of_the_weeks_comes_off_net() -> None:
    weeks = [week(0, "A", "P1", 10, net_price="2", base_price="2", trade_spend="4.50")]
    offer = {"promotion_id": "1", "starts_on": MONDAY, "trade_spend": Decimal(99)}
    found = traded(weeks, promotions=[offer])
    assert amounts(found.totals)[TradeStepName.POCKET] == Decimal("15.50")


def test_spend_of_promotions_counts_where_the_weeks_record_none() -> None:
    offers = [
        {
            "promotion_id": "1",
            "account_id": "A",
            "product_id": "P1",
            "starts_on": MONDAY + dt.timedelta(days=9),
            "trade_spend": Decimal(30),
        },
        {"promotion_id": "2", "starts_on": dt.date(2027, 1, 4), "trade_spend": Decimal(99)},
    ]
    found = traded(WEEKS, promotions=offers)
    assert (found.totals.trade_spend, found.totals.weeks) == (Decimal(30), 5)
    spent = {each.key: each.totals.trade_spend for each in found.by["week"]}
    assert spent[MONDAY + dt.timedelta(weeks=1)] == Decimal(30)
    assert {each.key: each.totals.trade_spend for each in found.by["account"]}["B"] is None


def test_books_without_sell_through_have_no_trade() -> None:
    assert trade(View(memory_books(products=GOODS), LATER)) is None
