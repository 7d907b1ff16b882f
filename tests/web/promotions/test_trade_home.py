"""The home page of a company without deals: base price held, promotions given."""

import datetime as dt
from pathlib import Path
from typing import Any, cast

import ibis
import pytest

from counterpoise.agreement import Agreements, Side
from counterpoise.books import Books, Workspace
from counterpoise.books.facts import View
from counterpoise.web.balance.page import page_of
from counterpoise.web.balance.trade import TradeBalance
from counterpoise.web.results.measured import Measured
from counterpoise.web.results.trade import measure_trade
from tests.web.balance.reviews import realization, review


@pytest.fixture(scope="module")
def figures(trade_books: Path) -> dict[str, Any]:
    with Books.open(Workspace.open(trade_books)) as books:
        measured = Measured(
            View(books, dt.date(2026, 6, 30)), Agreements(), ibis.table({"x": "int"})
        )
        return cast("dict[str, Any]", measure_trade(measured).figures)


def test_keeps_the_months_of_the_trade(figures: dict[str, Any]) -> None:
    january, february = figures["months"]
    assert (figures["accounts"], figures["products"]) == (1, 1)
    assert (january["label"], january["base_sales"], january["depth"]) == ("2026-01", 800.0, 0.0)
    assert (february["base_sales"], february["net_sales"], february["depth"]) == (360, 288, 72)
    assert (february["units"], february["units_on_deal"]) == (180, 180)


def test_weighs_the_trade_where_there_are_no_deals(figures: dict[str, Any]) -> None:
    trade = TradeBalance(1, 1, figures["months"])
    goal = realization(0.92, 0.9) | {"metric": "base_price_realization"}
    page = page_of(review(goals=[goal]), Agreements(), "all", Side.BOTH, trade)
    said = {each.label: each.value for each in page.figures}
    assert page.is_trade
    assert page.beams
    assert said["Price realization"] == "93.8%"  # 1,088 of 1,160
    assert said["Value given"] == "72"
    assert said["Sold on deal"].startswith("31.0%")  # 180 of 580
    assert "of base, above the goal" in page.says.replace("\u00a0", " ")


def test_books_without_weeks_leave_nothing(tmp_path: Path) -> None:
    from tests.ledger.disk_books import books_of

    with books_of(tmp_path / "w", {}) as books:
        measured = Measured(
            View(books, dt.date(2026, 6, 30)), Agreements(), ibis.table({"x": "int"})
        )
        assert measure_trade(measured).figures == {}
