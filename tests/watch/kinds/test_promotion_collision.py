"""A promotion and a negotiated discount on the same goods at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from scipy import stats

from counterpoise.watch import Watched
from counterpoise.watch.kinds.promotion_collision import KIND
from tests.watch.fact_books import asked_of
from tests.watch.fit_books import QUARTERS, accounts, deal, small_company

FIRST, LAST = dt.date(2026, 2, 1), dt.date(2026, 2, 28)
AFTER = dt.datetime(2026, 3, 1)


def sold(id_: str, account: str, net: int, product: str = "P1", **facts: Any) -> Any:
    """Return a deal closed on 10 February with one line of 100,000 at list, and its line."""
    line = {"deal_id": id_, "line_no": 1, "product_id": product, "quantity": 1}
    prices = {"list_price": Decimal(100_000), "net_price": Decimal(net)}
    return deal(id_, account, owner_id="R1", **facts), line | prices


SOLD = [
    *(sold(f"B{at}", f"O{at}", 92_000) for at in range(4)),  # 8 % on top of 5 %: 5,000 twice
    *(sold(f"C{at}", f"O{at + 4}", 98_000) for at in range(2)),  # 2 % on top of 5 %: 2,000 twice
    sold("D1", "O6", 95_000),  # 5 %: the promotion itself
    sold("D2", "O7", 100_000),  # the promotion alone
    sold("E1", "O0", 80_000, "P2"),  # other goods
    sold("E2", "O9", 80_000),  # a customer without a promotion
    sold("E3", "O0", 79_000, closed_at=AFTER),  # when it was over
    sold("E4", "O0", 80_000, outcome="lost"),
]


def offer(id_: str, **facts: Any) -> dict[str, Any]:
    return {
        "promotion_id": id_,
        "starts_on": FIRST,
        "ends_on": LAST,
        "rate": Decimal("0.05"),
    } | facts


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    shown = offer("M8", campaign_id="C2", product_family="Pumps", rate=None)  # cuts no price
    own = [
        offer(f"M{at}", campaign_id="C1", account_id=f"O{at}", product_family="Pumps")
        for at in range(8)
    ]
    # To everybody, for one product that nobody bought; and for one that was.
    general = [offer("M9", product_id="P3"), offer("MA", product_id="P2")]
    tables: dict[str, Any] = {
        "people": [{"person_id": "R1", "name": "Ada", "role": "rep", "team": "North"}],
        "accounts": accounts(outside=10),
        "products": [
            {"product_id": "P1", "family": "Pumps"},
            {"product_id": "P2", "family": "Belts"},
            {"product_id": "P3", "family": "Pumps"},
        ],
        "campaigns": [{"campaign_id": "C1", "name": "Spring"}],
        "deals": [made for made, _ in SOLD],
        "deal_lines": [line for _, line in SOLD],
        "promotions": [*own, *general, shown],
    }
    with small_company(tmp_path_factory.mktemp("books") / "c", tables) as opened:
        yield opened


def test_counts_the_deals_that_carry_both(watched: Watched) -> None:
    found = asked_of(KIND, watched)
    assert set(found) == {"C1|Pumps"}
    both = found["C1|Pumps"]
    assert (both.n, both.observed, both.expected) == (8, 0.75, pytest.approx(0.1))
    assert both.p == pytest.approx(stats.binom.sf(5, 8, 0.1))
    assert (both.subject.name, both.since) == ("Spring (Pumps)", dt.date(2026, 2, 10))


def test_the_stake_is_the_smaller_of_both_cuts(watched: Watched) -> None:
    both = asked_of(KIND, watched)["C1|Pumps"]
    assert float(both.stake) == pytest.approx((4 * 5_000 + 2 * 2_000) / QUARTERS, abs=0.01)
    rows = watched.books.run(KIND.rows(watched, both)).to_pylist()
    assert {row["deal_id"] for row in rows} == {"B0", "B1", "B2", "B3", "C0", "C1"}
    assert sum(row["stake_part"] for row in rows) == pytest.approx(float(both.stake), abs=0.01)


def test_says_it_aloud(watched: Watched) -> None:
    both = asked_of(KIND, watched)["C1|Pumps"]
    assert KIND.says(watched, both) == (
        "Spring (Pumps) cuts the price of Pumps for customers who get a negotiated discount on it "
        "at the same time: 6 of 8 deals on the promoted goods carry both. Only 8 deals tell, so "
        "read it with care."
    )
    assert "add one" in KIND.next_step(watched, both)
    # 36,000 off 600,000 there; D1, D2, E2 and E3 have 46,000 off 400,000.
    assert KIND.other_view(watched, both).says == (
        "Sellers gave 6% on these deals, 11.5% on other Pumps deals; the promotion took another "
        "30,000 USD off."
    )
