"""The largest line gives a deal its product, however long its amounts are."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from counterpoise.books.facts import deal_facts
from tests.ledger.disk_books import books_of

_DAY = dt.datetime(2026, 3, 2, 9)


def _family(root: Path, *lines: tuple[int, str | None, str]) -> str | None:
    """Return the family of a deal with these lines: number, product and list price of each."""
    sold: list[dict[str, Any]] = [
        {
            "deal_id": "D1",
            "line_no": number,
            "product_id": product,
            "quantity": Decimal(1),
            "list_price": Decimal(price),
            "net_price": Decimal(price),
        }
        for number, product, price in lines
    ]
    tables: dict[str, list[dict[str, object]]] = {
        "products": [
            {"product_id": "P1", "family": "saws"},
            {"product_id": "P2", "family": "drills"},
        ],
        "deals": [{"deal_id": "D1", "outcome": "won", "created_at": _DAY, "closed_at": _DAY}],
        "deal_lines": sold,
    }
    with books_of(root / "company", tables) as books:
        facts = deal_facts(books, _DAY.date())
        family: str | None = books.run(facts).to_pylist()[0]["product_family"]
        return family


@pytest.mark.parametrize("zeros", ["", "0000000"], ids=["short", "long"])
def test_the_greater_amount_decides_and_then_the_lower_number(tmp_path: Path, zeros: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    greater = _family(tmp_path / "a", (1, "P1", f"500{zeros}"), (99_999, "P2", f"500{zeros}.0001"))
    lower = _family(tmp_path / "b", (99_999, "P1", f"500{zeros}"), (7, "P2", f"500{zeros}"))
    assert (greater, lower) == ("drills", "drills")


def test_a_line_of_an_unknown_product_gives_none(tmp_path: Path) -> None:
    assert _family(tmp_path, (1, "P1", "10"), (2, "P9", "20")) is None


def test_a_credited_line_is_smaller_than_any_other(tmp_path: Path) -> None:
    assert _family(tmp_path, (1, "P1", "-30"), (2, "P2", "-5")) == "drills"
