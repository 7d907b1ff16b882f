"""The weeks around a promotion, added up over what it is about."""

import datetime as dt
import math
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from counterpoise.books.facts import View
from counterpoise.ledger.around import weeks_around
from counterpoise.ledger.baseline import Baseline
from counterpoise.ledger.promotion_cover import covered_weeks
from counterpoise.ledger.trade_weeks import trade_weeks
from tests.ledger.disk_books import books_of

_FIRST = dt.date(2026, 1, 5)
_AT = 10  # the promotion's week, with eight before it and six after that are shown


def _week(at: int, product: str, units: int) -> dict[str, Any]:
    price = Decimal("1.50") if at == _AT else Decimal(2)
    return {
        "week": _FIRST + dt.timedelta(weeks=at),
        "account_id": "A1",
        "product_id": product,
        "units": Decimal(units),
        "net_price": price,
        "base_price": Decimal(2),
    }


def test_adds_up_weeks_before_during_and_after(tmp_path: Path) -> None:
    day = _FIRST + dt.timedelta(weeks=_AT)
    weeks = [_week(at, each, 100) for at in range(20) for each in ("P1", "P2")]
    offer = {
        "promotion_id": "M1",
        "account_id": "A1",
        "product_family": "Juice",
        "starts_on": day,
        "ends_on": day + dt.timedelta(days=6),
    }
    goods = [{"product_id": each, "family": "Juice"} for each in ("P1", "P2")]
    tables = {"sell_through": weeks, "products": goods, "promotions": [offer]}
    with books_of(tmp_path / "w", tables) as books:
        view = View(books, dt.date(2026, 12, 31))
        sold = trade_weeks(view)
        cover = covered_weeks(view, sold)
        bare = books.run(weeks_around(view, sold, cover).order_by("week")).to_pylist()
        based = sold.mutate(base_units=sold.units.cast("float64") - 10, weeks_of_unit=9)
        base = cast("Baseline", SimpleNamespace(weeks=based, fit=SimpleNamespace(residual=0.09)))
        rows = books.run(weeks_around(view, sold, cover, base).order_by("week")).to_pylist()
    parts = [row["part"] for row in bare]
    assert parts == ["before"] * 8 + ["during"] + ["after"] * 6
    during = bare[8]
    assert (during["units"], during["cells"], during["on_deal"]) == (200, 2, 2)
    assert (during["net_sales"], during["depth_amount"]) == (300, 100)
    assert (during["featured"], during["base_units"]) == (None, None)
    assert rows[8]["base_units"] == pytest.approx(180)
    # Each of two alike has the variance 0.09 · (1 + 1/9) = 0.1; their sum half of it.
    assert rows[8]["base_error"] == pytest.approx(math.sqrt(0.05))
