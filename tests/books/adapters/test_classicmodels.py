"""The figures of this real set are those that were computed from its files by another route."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.books.adapters.workbench import Facts, Mapped, mapped, pairs

_LINES = (
    "SELECT *, quantity::INTEGER AS n, list_price::DECIMAL(18, 4) AS list, "
    "net_price::DECIMAL(18, 4) AS net FROM mapped.deal_lines"
)


@pytest.fixture(scope="module")
def facts(shared: Path) -> Facts:
    return Facts.of("classicmodels", shared)


@pytest.fixture(scope="module")
def classic(root: Path, shared: Path) -> Iterator[Mapped]:
    with mapped(
        shared / "data" / "classicmodels", root / "examples" / "adapters" / "classicmodels"
    ) as answer:
        yield answer


def test_prices_are_measured_against_the_makers_own(classic: Mapped, facts: Facts) -> None:
    found = classic.one(
        f"SELECT round(sum(net * n) / sum(list * n), 6), sum(net * n) FROM ({_LINES})"
    )
    assert [float(value) for value in found] == [
        facts["realization_vs_msrp"],
        facts["net_sales"],
    ]


def test_reps_are_those_of_the_customers(classic: Mapped, facts: Facts) -> None:
    found = pairs(
        classic,
        "SELECT people.name, round(sum(net * n) / sum(list * n), 4) AS rate "
        f"FROM ({_LINES}) JOIN mapped.deals USING (deal_id) "
        "JOIN mapped.people ON person_id = owner_id GROUP BY 1 ORDER BY rate",
    )
    names = list(found)
    extremes = {name: found[name] for name in (names[0], names[-1])}
    assert extremes == facts["rep_min_max"]


def test_a_cancelled_order_is_no_won_deal(classic: Mapped) -> None:
    found = pairs(classic, "SELECT outcome, count(*) FROM mapped.deals GROUP BY outcome")
    assert found == {"won": 320, "cancelled": 6}


def test_a_customer_may_be_without_a_rep(classic: Mapped) -> None:
    without = classic.one(
        "SELECT count(*) FROM source.customers WHERE salesRepEmployeeNumber IS NULL"
    )
    assert without == 22
    assert classic.one("SELECT count(*) FROM mapped.deals WHERE owner_id IS NULL") == 0


def test_north_america_is_a_region_and_not_a_word_for_nothing(classic: Mapped) -> None:
    regions = pairs(classic, "SELECT region, count(*) FROM mapped.people GROUP BY region")
    assert regions["NA"] > 0
