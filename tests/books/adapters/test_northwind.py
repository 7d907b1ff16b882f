"""The figures of this real set are those that were computed from its files by another route."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.books.adapters.workbench import Facts, Mapped, mapped, pairs

_BY_LAST_NAME = "regexp_extract(people.name, '[^ ]+$')"
_LINES = (
    "SELECT *, quantity::INTEGER AS n, list_price::DECIMAL(18, 4) AS list, net_price AS net "
    "FROM mapped.deal_lines"
)


@pytest.fixture(scope="module")
def facts(shared: Path) -> Facts:
    return Facts.of("northwind", shared)


@pytest.fixture(scope="module")
def northwind(root: Path, shared: Path) -> Iterator[Mapped]:
    with mapped(
        shared / "data" / "northwind", root / "examples" / "adapters" / "northwind"
    ) as answer:
        yield answer


def test_discounts_are_those_of_the_lines(northwind: Mapped, facts: Facts) -> None:
    found = northwind.one(f"SELECT round(sum(net * n) / sum(list * n), 6) FROM ({_LINES})")
    assert found == facts["discount_realization"]


def test_the_list_price_is_that_of_the_order(northwind: Mapped, facts: Facts) -> None:
    found = northwind.one(
        "SELECT round(sum(net * n) / sum(p.list_price::DECIMAL(18, 4) * n), 6), "
        "count(*) FILTER (l.list < p.list_price::DECIMAL(18, 4)) "
        f"FROM ({_LINES}) AS l JOIN mapped.products AS p USING (product_id)"
    )
    assert found == (facts["vs_current_list"], 658)


def test_employees_are_told_apart(northwind: Mapped, facts: Facts) -> None:
    found = pairs(
        northwind,
        f"SELECT {_BY_LAST_NAME}, round(1 - sum(net * n) / sum(list * n), 4) AS rate "
        f"FROM ({_LINES}) JOIN mapped.deals USING (deal_id) "
        "JOIN mapped.people ON person_id = owner_id GROUP BY 1 ORDER BY rate",
    )
    names = list(found)
    extremes = {name: found[name] for name in (names[0], names[-1])}
    assert extremes == facts["rep_discount_min_max"]


def test_the_word_null_is_nothing(northwind: Mapped) -> None:
    assert northwind.one("SELECT count(*) FROM mapped.accounts WHERE region = 'NULL'") == 0
    assert northwind.one("SELECT count(*) FROM mapped.people WHERE manager_id IS NULL") == 1
