"""The figures of this real set are those that were computed from its files by another route."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.books.adapters.workbench import Facts, Mapped, mapped


@pytest.fixture(scope="module")
def cheese(root: Path, shared: Path) -> Iterator[Mapped]:
    with mapped(
        shared / "data" / "bayesm_cheese", root / "examples" / "adapters" / "bayesm_cheese"
    ) as answer:
        yield answer


def test_price_and_volume_are_those_of_the_source(cheese: Mapped, shared: Path) -> None:
    found = cheese.one(
        "SELECT regr_slope(ln(units::DOUBLE), ln(net_price::DOUBLE)) FROM mapped.sell_through"
    )
    fact = Facts.of("bayesm_cheese", shared)["cheese_price_elasticity_naive"]
    assert found == pytest.approx(fact, abs=1e-6)


def test_a_retailer_is_an_account_and_its_weeks_follow_each_other(cheese: Mapped) -> None:
    assert cheese.one("SELECT count(*) FROM mapped.accounts") == 88
    rows = cheese.one(
        "SELECT count(*), count(DISTINCT (account_id, week)), min(week)::VARCHAR, "
        "max(week)::VARCHAR FROM mapped.sell_through"
    )
    assert rows == (5555, 5555, "2001-01-01", "2002-04-15")  # 68 weeks at most


def test_a_display_in_some_stores_is_a_display_and_its_share_is_kept(cheese: Mapped) -> None:
    shown = cheese.one(
        "SELECT count(*) FILTER (displayed), "
        "count(*) FILTER (displayed <> (display_share::DOUBLE > 0)) FROM mapped.sell_through"
    )
    assert shown == (3587, 0)
