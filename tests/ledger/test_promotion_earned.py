"""What each promotion earned: a made-up panel of known truth, and weeks covered by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from benchmarks.trade_panels import Offers, make_panel, offers_of, write_books
from counterpoise.books import Books
from counterpoise.books.facts import View
from counterpoise.ledger.earned import Earned, earned
from counterpoise.ledger.lift import Lift, lift
from counterpoise.ledger.promotion_cover import covered_weeks
from counterpoise.ledger.promotion_earned import PromotionBook, PromotionEarned, promotion_book
from counterpoise.ledger.promotion_weeks import Panel, panel
from counterpoise.ledger.within import Refused
from tests.ledger.small_books import memory_books
from tests.ledger.test_lift import END
from tests.ledger.test_trade import GOODS, LATER, MONDAY, week


@dataclass(frozen=True)
class Measured:
    """A made-up panel whose promotions are on record, and what was measured of each."""

    truth: Offers
    spend: float
    each: tuple[PromotionEarned, ...]
    by_account: tuple[PromotionEarned, ...]
    whole: Earned


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    made = make_panel(11, (12, 8, 104))
    truth = offers_of(made)
    spend = np.where(np.arange(len(truth.ids)) % 10 == 0, 5_000.0, 100.0)
    workspace = write_books(made, tmp_path_factory.mktemp("panel") / "space", truth, spend)
    with Books.open(workspace) as books:
        view = View(books, END)
        weeks = panel(view)
        assert isinstance(weeks, Panel)
        found = lift(books, weeks)
        assert isinstance(found, Lift)
        book, whole = promotion_book(view, weeks, found), earned(view, weeks, found)
        assert isinstance(book, PromotionBook)
        assert not isinstance(whole, Refused)
        each, by_account = book.earned(), book.earned_by_account()
    return Measured(truth, float(spend.sum()), each, by_account, whole[0])


def test_promotions_add_up_to_what_all_of_them_earned(measured: Measured) -> None:
    whole = measured.whole
    assert len(measured.each) == len(measured.truth.ids)
    for part in ("more_sold", "price_given", "after", "neighbours"):
        total = sum(getattr(each, part) for each in measured.each)
        assert total == pytest.approx(getattr(whole, part)), part
    assert sum(each.trade_spend for each in measured.each) == pytest.approx(measured.spend)
    total = sum(each.earned.value for each in measured.each)
    assert total == pytest.approx(whole.earned.value)


def test_accounts_add_up_to_the_same(measured: Measured) -> None:
    assert len(measured.by_account) == 12
    total = sum(each.earned.value for each in measured.by_account)
    assert total == pytest.approx(measured.whole.earned.value)


def test_each_is_near_its_truth_and_intervals_hold_it(measured: Measured) -> None:
    truth = dict(zip(measured.truth.ids, measured.truth.earned, strict=True))
    known = np.array([truth[each.key] for each in measured.each])
    found = np.array([each.earned.value + each.trade_spend for each in measured.each])
    error = np.array([each.earned.error for each in measured.each])
    assert np.corrcoef(known, found)[0, 1] > 0.97
    assert 0.9 < np.mean(np.abs(found - known) < 2 * error) <= 1.0


def test_those_that_cost_far_more_than_they_brought_are_told(measured: Measured) -> None:
    truth = dict(zip(measured.truth.ids, measured.truth.earned, strict=True))
    dear = [each for each in measured.each if truth[each.key] < each.trade_spend - 4_500]
    assert len(dear) > 50
    assert np.mean([each.surely_lost for each in dear]) > 0.9


WEEKS = [
    week(at, account, product, 10, net_price="2", base_price="2")
    for at in range(4)
    for account in ("A", "B")
    for product in ("P1", "P2", "P3")
]


def offer(id_: str, first: int, last: int, **facts: Any) -> dict[str, Any]:
    days = {
        "starts_on": MONDAY + dt.timedelta(days=first),
        "ends_on": MONDAY + dt.timedelta(days=last),
    }
    return {"promotion_id": id_, **days, **facts}


def covered(*offers: dict[str, Any]) -> set[tuple[str, str, str, int, float]]:
    """Return promotion, account, product, week and share."""
    books = memory_books(sell_through=WEEKS, products=GOODS, promotions=offers)
    view = View(books, LATER)
    rows = books.run(covered_weeks(view, books.table("sell_through"))).to_pylist()
    return {
        (
            row["promotion_id"],
            row["account_id"],
            row["product_id"],
            (row["week"] - MONDAY).days // 7,
            row["share"],
        )
        for row in rows
    }


def test_a_promotion_covers_the_weeks_that_have_a_day_of_it() -> None:
    assert covered(offer("M", 6, 14, account_id="A", product_id="P1")) == {
        ("M", "A", "P1", 0, 1.0),
        ("M", "A", "P1", 1, 1.0),
        ("M", "A", "P1", 2, 1.0),
    }


def test_a_promotion_of_a_family_to_everybody_covers_its_goods_everywhere() -> None:
    found = covered(offer("M", 0, 6, product_family="juice"))
    assert {row[1:3] for row in found} == {("A", "P1"), ("A", "P2"), ("B", "P1"), ("B", "P2")}
    assert len(covered(offer("M", 0, 6, account_id="B"))) == 3  # of all goods


def test_promotions_of_the_same_week_share_it() -> None:
    found = covered(
        offer("M", 0, 13, account_id="A", product_id="P1"),
        offer("N", 7, 13, account_id="A", product_family="juice"),
    )
    assert {row for row in found if row[2] == "P1"} == {
        ("M", "A", "P1", 0, 1.0),
        ("M", "A", "P1", 1, 0.5),
        ("N", "A", "P1", 1, 0.5),
    }


def test_books_without_promotions_are_refused() -> None:
    signs = [
        week(at, f"A{one}", "P1", 20 if at % 5 == 0 else 10, net_price="2", featured=at % 5 == 0)
        for one in range(9)
        for at in range(12)
    ]
    goods = [{"product_id": "P1", "unit_cost": Decimal(1)}]
    view = View(memory_books(sell_through=signs, products=goods), LATER)
    weeks = panel(view)
    assert isinstance(weeks, Panel)
    found = lift(view.books, weeks)
    assert isinstance(found, Lift)
    told = promotion_book(view, weeks, found)
    assert isinstance(told, Refused)
    assert "hold no promotions" in told.why
