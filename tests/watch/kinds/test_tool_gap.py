"""Deals lost to a competitor where nobody made a tool."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from scipy import stats

from counterpoise.watch import Watched
from counterpoise.watch.kinds.tool_gap import KIND
from tests.watch.fact_books import asked_of
from tests.watch.fit_books import QUARTERS, accounts, deal, small_company

MADE = dt.datetime(2025, 1, 1)
PAIRS = {("Acme", "Pumps"): 36, ("Acme", "Belts"): 20, ("Bolt", "Pumps"): 20, ("Bolt", "Belts"): 36}
"""How many of forty deals are lost, to whom and in which family."""


def _deals() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield deals with their family; of those without a competitor half are lost."""
    for (rival, family), lost in PAIRS.items():
        for at in range(40):
            outcome = "lost" if at < lost else "won"
            id_ = f"{rival}-{family}-{at}"
            yield family, deal(id_, f"O{at}", outcome, competitor=rival, owner_id="R1")
    for family in ("Pumps", "Belts"):
        for at in range(40):
            yield family, deal(f"{family}-{at}", f"O{at}", "lost" if at % 2 else "won")


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A card against Acme in belts, and one against Bolt in everything, are all there is."""
    made = [*_deals()]
    tables: dict[str, Any] = {
        "people": [{"person_id": "R1", "name": "Ada", "role": "rep", "team": "North"}],
        "accounts": accounts(outside=40),
        "products": [{"product_id": family, "family": family} for family in ("Pumps", "Belts")],
        "deals": [row for _, row in made],
        "deal_lines": [
            {
                "deal_id": row["deal_id"],
                "line_no": 1,
                "product_id": family,
                "quantity": 1,
                "list_price": 100_000,
                "net_price": 90_000,
                "unit_cost": 50_000,
            }
            for family, row in made
        ],
        "tools": [
            {"tool_id": "T1", "product_family": "Belts", "competitor": "acme", "created_at": MADE},
            {"tool_id": "T2", "competitor": "Bolt", "created_at": MADE},
            {"tool_id": "T3", "product_family": "Pumps", "created_at": MADE},
        ],
    }
    with small_company(tmp_path_factory.mktemp("books") / "c", tables) as opened:
        yield opened


def test_asks_only_about_pairs_for_which_nobody_made_a_tool(watched: Watched) -> None:
    assert set(asked_of(KIND, watched)) == {"Acme|Pumps"}


def test_holds_a_pair_against_all_other_pairs(watched: Watched) -> None:
    found = asked_of(KIND, watched)["Acme|Pumps"]
    # The other three lost 76 of 120.
    assert (found.observed, found.expected) == (0.9, pytest.approx(76 / 120))
    assert found.p == pytest.approx(stats.t.sf((0.9 - 76 / 120) / _error(), 39), rel=0.2)


def _error() -> float:
    """Return the error of 36 of 40 beside 76 of 120: forty accounts each, two shares inside."""
    spread = (2 * 40 * 0.9 * 0.1 + 2 * 40 * 0.5 * 0.5) / 156 * 40 / 39
    return float((spread / 40 + spread / 120) ** 0.5)


def test_the_stake_is_what_the_deals_lost_beyond_it_would_have_earned(watched: Watched) -> None:
    # A won deal of 100,000 at list earns 40,000.
    found = asked_of(KIND, watched)["Acme|Pumps"]
    lost = 0.9 - 76 / 120
    assert float(found.stake) == pytest.approx(lost * 40 * 40_000 / QUARTERS, abs=0.01)
    rows = watched.books.run(KIND.rows(watched, found)).to_pylist()
    assert len(rows) == 40
    assert sum(row["stake_part"] for row in rows) == pytest.approx(float(found.stake))


def test_says_it_aloud(watched: Watched) -> None:
    found = asked_of(KIND, watched)["Acme|Pumps"]
    assert KIND.says(watched, found) == (
        "Against Acme in Pumps 90% of the deals are lost, where 63% is what such deals lose "
        "against others, and sellers have no tool made for it. Only 40 deals tell, so read it "
        "with care."
    )
    assert "battle card for Pumps against Acme" in KIND.next_step(watched, found)
    assert KIND.other_view(watched, found).says == (
        "1 seller met them there and offered 10% discount, 10% on all contested deals."
    )
