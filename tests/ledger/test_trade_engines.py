"""The trade and what promotions did are the same on Spark as on the embedded engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import pytest

from counterpoise.books import Books
from counterpoise.books.facts import View
from counterpoise.ledger.baseline import Baseline, baseline
from counterpoise.ledger.lift import Lift, lift
from counterpoise.ledger.moments import Observed, moments
from counterpoise.ledger.promotion_earned import PromotionBook, promotion_book
from counterpoise.ledger.promotion_volume import volumes
from counterpoise.ledger.promotion_weeks import AFTER, NEIGHBOURS, Panel, panel
from counterpoise.ledger.trade import trade
from counterpoise.ledger.within import Fit, fit
from tests.ledger.disk_books import books_of
from tests.ledger.test_trade import LATER, MONDAY, week
from tests.postgres import Server

CUTS = {3: "1.60", 4: "1.60", 8: "1.80"}


def weeks_of(account: int, product: int) -> list[dict[str, Any]]:
    """Return twelve weeks; each product is on deal in weeks of its own."""
    rows = []
    for at in range(12):
        net = CUTS.get((at + 2 * product + account) % 12, "2.00")
        units = (50 if net == "2.00" else 120) + 7 * ((at * 5 + account * 3 + product) % 4)
        rows.append(week(at, f"A{account}", f"P{product}", units, net_price=net, base_price="2"))
    return rows


ROWS = [row for account in range(9) for product in range(2) for row in weeks_of(account, product)]
GOODS = [
    {"product_id": f"P{product}", "family": "juice", "unit_cost": Decimal(1)}
    for product in range(2)
]
OFFERS = [
    {
        "promotion_id": f"M{account}",
        "account_id": f"A{account}",
        "product_family": "juice",
        "starts_on": MONDAY,
        "ends_on": MONDAY + dt.timedelta(days=83),
        "trade_spend": Decimal(5 * account),
    }
    for account in range(9)
]


def the_panel(books: Books) -> Panel:
    """Return the panel, which these weeks allow."""
    found = panel(View(books, LATER))
    assert isinstance(found, Panel)
    return found


def slopes(books: Books) -> list[float]:
    """Return the slopes of promotions alone: few questions, for an engine that is slow to ask."""
    weeks = the_panel(books)
    found = fit(
        moments(books, Observed(weeks.weeks), "ln_units", (*weeks.own, *AFTER, *NEIGHBOURS))
    )
    assert isinstance(found, Fit)
    return [*found.slopes, *found.covariance.ravel()]


def figures(books: Books) -> list[float]:
    """Return figures of every measure, the slopes first."""
    whole, weeks = trade(View(books, LATER)), the_panel(books)
    found, base = lift(books, weeks), baseline(books, weeks)
    assert whole is not None
    assert isinstance(found, Lift)
    assert isinstance(base, Baseline)
    (volume,) = volumes(books, weeks, found)
    book = promotion_book(View(books, LATER), weeks, found)
    assert isinstance(book, PromotionBook)
    each_earned = book.earned()
    assert len(each_earned) == len(OFFERS)
    parts = (volume.net, volume.gained, volume.dipped, volume.taken)
    totals = (whole.totals.units, whole.totals.net_sales, whole.totals.depth)
    return [
        *slopes(books),
        *map(float, totals),
        *(each.value for each in parts),
        *(each.error for each in parts),
        *(each.earned.value for each in each_earned),
        base.smear,
        *base.fit.slopes,
    ]


def figures_on(
    folder: Path, engine: Any = None, measure: Callable[[Books], list[float]] = figures
) -> list[float]:
    """Return figures on an engine, or on the embedded one."""
    with books_of(folder, {"sell_through": ROWS, "products": GOODS, "promotions": OFFERS}) as books:
        if engine is None:
            return measure(books)
        books.__dict__["engine"] = engine
        found = measure(books)
        del books.__dict__["engine"]  # the fixture closes it
        return found


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> list[float]:
    """Return the figures of the embedded engine."""
    return figures_on(tmp_path_factory.mktemp("trade") / "embedded")


@pytest.mark.postgres
def test_every_measure_is_the_same_on_postgresql(
    embedded: list[float], tmp_path: Path, postgres: Server
) -> None:
    server = ibis.connect(postgres.url)
    try:
        assert figures_on(tmp_path / "space", server) == pytest.approx(embedded, rel=1e-6, abs=1e-9)
    finally:
        server.disconnect()


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.filterwarnings("ignore")  # Ibis and Spark warn of each other's pandas
def test_slopes_of_promotions_are_the_same_on_spark(
    embedded: list[float], tmp_path: Path, spark: Any
) -> None:
    found = figures_on(tmp_path / "space", spark, slopes)
    assert found == pytest.approx(embedded[: len(found)], rel=1e-6, abs=1e-9)
