"""Own-price elasticity: the figures of real weeks, and refusals by the reason."""

from __future__ import annotations

import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from counterpoise.books import Books, Workspace, import_books
from counterpoise.books.facts import View
from counterpoise.ledger.elasticity import Elasticity, elasticity
from counterpoise.ledger.within import Refused
from tests.books.adapters.workbench import Facts
from tests.ledger.small_books import MemoryBooks
from tests.ledger.test_trade import LATER, week


class Weeks(MemoryBooks):
    """Books of sell-through in memory, without attributes."""

    def attributes(self, name: str) -> dict[str, Any]:
        return {}


@pytest.fixture(scope="module")
def cheese(root: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Elasticity:
    workspace = Workspace.create(tmp_path_factory.mktemp("cheese") / "space")
    adapter = root / "examples" / "adapters" / "bayesm_cheese"
    import_books(workspace, shared / "data" / "bayesm_cheese", adapter=adapter)
    with Books.open(workspace) as books:
        found = elasticity(View(books, LATER))
    assert isinstance(found, Elasticity)
    return found


def test_with_retailer_effects_it_is_that_of_the_real_weeks(
    cheese: Elasticity, shared: Path
) -> None:
    facts = Facts.of("bayesm_cheese", shared)
    assert cheese.value.value == pytest.approx(
        facts["cheese_price_elasticity_retailer_FE"], abs=5e-6
    )
    assert (cheese.value.n, cheese.value.accounts) == (5555, 88)


def test_the_slope_across_retailers_is_shown_beside_it_with_the_reason(
    cheese: Elasticity, shared: Path
) -> None:
    facts = Facts.of("bayesm_cheese", shared)
    assert cheese.across.value == pytest.approx(facts["cheese_price_elasticity_naive"], abs=5e-6)
    assert cheese.why.startswith("−2.39 compares each account with itself")
    assert "the slope is −1.33" in cheese.why


def found_in(weeks: list[dict[str, Any]], **of: Any) -> Elasticity | Refused:
    """Estimate over weeks given as rows."""
    products = [{"product_id": "P1", "family": "juice"}, {"product_id": "P2", "family": "tea"}]
    books: Any = Weeks(sell_through=weeks, products=products)
    return elasticity(View(books, LATER), **of)


def answers(account: int, at: int, product: str = "P1", power: float = -2.0) -> dict[str, Any]:
    """Return a week in which volume is size × price^power, larger accounts being dearer."""
    price = (1 + account) * (1 + 0.1 * (at % 3))
    units = 1000.0 * (1 + account) ** 4 * price**power
    made = week(at, f"A{account}", product, 0, net_price=f"{price:.4f}")
    return {**made, "units": Decimal(f"{units:.4f}")}


def test_an_account_is_compared_with_itself() -> None:
    weeks = [answers(account, at) for account in range(8) for at in range(6)]
    found = found_in(weeks)
    assert isinstance(found, Elasticity)
    assert found.value.value == pytest.approx(-2.0, abs=1e-4)
    assert found.across.value > 1.5  # size grows by price^4


def test_a_product_or_a_family_can_be_asked_about_alone() -> None:
    weeks = [
        answers(account, at, product, power)
        for account in range(8)
        for at in range(6)
        for product, power in (("P1", -2.0), ("P2", -3.0))
    ]
    by_product = found_in(weeks, product_id="P2")
    by_family = found_in(weeks, family="juice")
    assert isinstance(by_product, Elasticity)
    assert isinstance(by_family, Elasticity)
    assert by_product.value.value == pytest.approx(-3.0, abs=1e-4)
    assert by_family.value.value == pytest.approx(-2.0, abs=1e-4)


def test_refuses_where_no_price_varies_within_an_account() -> None:
    weeks = [
        week(at, f"A{account}", "P1", 10 + at, net_price=str(1 + account))
        for account in range(8)
        for at in range(6)
    ]
    found = found_in(weeks)
    assert isinstance(found, Refused)
    assert found.why.startswith("The price never varies within an account")


def test_refuses_where_few_accounts_tell() -> None:
    found = found_in([answers(account, at) for account in range(3) for at in range(12)])
    assert isinstance(found, Refused)
    assert found.why.startswith("Too few weeks to tell: 36 of 3 accounts")


def test_refuses_books_without_sell_through() -> None:
    found = found_in([])
    assert isinstance(found, Refused)
    assert "no sell-through" in found.why


def test_warns_that_an_unrecorded_display_is_taken_for_price() -> None:
    found = found_in([answers(account, at) for account in range(8) for at in range(6)])
    assert isinstance(found, Elasticity)
    assert len(found.warnings) == 2
    assert math.isfinite(found.value.high)
