"""The figures of this real set are those that were computed from its files by another route."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.books.adapters.workbench import Facts, Mapped, mapped


@pytest.fixture(scope="module")
def juice(root: Path, shared: Path) -> Iterator[Mapped]:
    with mapped(
        shared / "data" / "dominicks_oj", root / "examples" / "adapters" / "dominicks_oj"
    ) as answer:
        yield answer


@pytest.mark.parametrize("brand", ["dominicks", "minute.maid", "tropicana"])
def test_a_brand_sells_less_where_it_is_dearer(juice: Mapped, shared: Path, brand: str) -> None:
    found = juice.one(
        "SELECT regr_slope(ln(units::DOUBLE), ln(net_price::DOUBLE)) FROM mapped.sell_through "
        f"WHERE product_id = '{brand}'"
    )
    fact = Facts.of("dominicks_oj", shared)[f"elasticity_{brand}"]
    assert found == pytest.approx(fact, abs=2e-5)


def test_stores_are_told_apart_by_the_order_of_rows(juice: Mapped) -> None:
    assert juice.one("SELECT count(*) FROM mapped.accounts") == 83
    apart = juice.one(
        "SELECT count(*), count(DISTINCT (account_id, product_id, week)), "
        "count(DISTINCT account_id) FROM mapped.sell_through"
    )
    assert apart == (28947, 28947, 83)


def test_a_store_has_the_same_weeks_of_every_brand(juice: Mapped) -> None:
    uneven = juice.one(
        "SELECT count(*) FROM (SELECT account_id FROM "
        "(SELECT account_id, product_id, count(*) AS weeks, max(week) AS last "
        "FROM mapped.sell_through GROUP BY ALL) "
        "GROUP BY account_id HAVING count(DISTINCT (weeks, last)) > 1 OR count(*) <> 3)"
    )
    assert uneven == 0
