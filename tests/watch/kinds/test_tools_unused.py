"""Tools that fit and stay in the drawer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from counterpoise.watch import Watched
from counterpoise.watch.kinds.tools_unused import KIND
from counterpoise.watch.tool_fit import Tool, tools
from tests.watch.fact_books import asked_of
from tests.watch.fit_books import QUARTERS, accounts, deal, small_company

FAMILIES = [f"F{at}" for at in range(10)]
MADE = dt.datetime(2025, 1, 1)


def tables() -> dict[str, Any]:
    """Ten families with sixty deals and a card each; a card is used on 20, that of F3 on 2.

    T10 says nowhere what it is for, T11 was made after every deal, and T12, used on 100 deals, fits
    makers alone.
    """
    cards: list[dict[str, Any]] = [
        {"tool_id": f"T{at}", "kind": "card", "product_family": family, "created_at": MADE}
        for at, family in enumerate(FAMILIES)
    ]
    cards[3]["title"] = "Why F3"
    more = [
        {"tool_id": "T10", "kind": "card", "created_at": MADE},
        {"tool_id": "T11", "product_family": "F1", "created_at": dt.datetime(2026, 6, 1)},
        {"tool_id": "T12", "kind": "story", "persona": "Maker", "created_at": MADE},
    ]
    uses = [
        {"tool_id": f"T{family}", "used_at": MADE, "deal_id": f"D{family}-{at:02}"}
        for family in range(10)
        for at in range(2 if family == 3 else 20)
    ]
    uses += [
        {"tool_id": "T12", "used_at": MADE, "deal_id": f"D{family}-{at:02}"}
        for family in range(10)
        for at in range(9, 19)
    ]
    return {
        "people": [{"person_id": "R1", "name": "Ada", "role": "rep", "team": "North"}],
        "accounts": accounts(inside=4, outside=2),
        "products": [{"product_id": f"P-{family}", "family": family} for family in FAMILIES],
        "deals": [made for made, _ in _deals()],
        "deal_lines": [line for _, line in _deals()],
        "tools": [*cards, *more],
        "tool_uses": [*uses, *uses[:5]],  # a second use on the same deal is the same use
    }


def _deals() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for family in FAMILIES:
        for at in range(60):
            id_ = f"D{family[1:]}-{at:02}"
            account = f"I{at % 4}" if at < 30 else f"O{at % 2}"
            line = {"deal_id": id_, "line_no": 1, "product_id": f"P-{family}", "quantity": 1}
            yield (
                deal(id_, account, "won" if at % 2 else "lost", owner_id="R1"),
                line | {"list_price": 100_000, "net_price": 90_000, "unit_cost": 50_000},
            )


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with small_company(tmp_path_factory.mktemp("books") / "c", tables()) as opened:
        yield opened


def test_names_the_tool_that_is_used_far_less_than_its_kin(watched: Watched) -> None:
    found = asked_of(KIND, watched)
    idle = found["T3"]
    assert (idle.n, idle.observed) == (60, pytest.approx(2 / 60))
    assert idle.expected == pytest.approx(20 / 60)
    assert idle.p is not None
    assert idle.p < 1e-3
    assert min(each.p or 0.0 for id_, each in found.items() if id_ != "T3") > 0.1


def test_asks_about_tools_that_say_where_they_fit_and_were_there(watched: Watched) -> None:
    assert set(asked_of(KIND, watched)) == {*(f"T{at}" for at in range(10)), "T12"}


def test_a_tool_may_name_a_persona_by_its_name(watched: Watched) -> None:
    assert next(each for each in tools(watched) if each.id == "T12").persona == "maker"
    assert asked_of(KIND, watched)["T12"].n == 10 * 30


def test_the_stake_is_list_value_at_the_usual_discount(watched: Watched) -> None:
    # Half the deals are won at 10 % off, so 5 % of the list value decided is conceded.
    idle = asked_of(KIND, watched)["T3"]
    missing = idle.expected - idle.observed
    assert float(idle.stake) == pytest.approx(missing * 60 * 100_000 * 0.05 / QUARTERS, abs=0.01)
    rows = watched.books.run(KIND.rows(watched, idle)).to_pylist()
    assert len(rows) == 58
    assert sum(row["stake_part"] for row in rows) == pytest.approx(float(idle.stake))


def test_says_it_aloud(watched: Watched) -> None:
    idle = asked_of(KIND, watched)["T3"]
    assert KIND.says(watched, idle) == (
        "“Why F3” fits 60 deals and was used on 3% of them, not on 33% as usual for other tools "
        "of its kind (card)."
    )
    assert "without “Why F3”" in KIND.next_step(watched, idle)
    assert KIND.other_view(watched, idle).says == (
        "What sellers see of it: 1 of 1 seller with such a deal ever used it; of the deals with "
        "it 50% were won, of the others 50%. Only 2 uses tell, so read it with care."
    )


def test_a_tool_that_is_rated_below_the_middle_is_rightly_left_alone(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    rated = tuple(_rated(each) for each in tools(watched))
    monkeypatch.setitem(watched._shared, "tools", rated)
    found = asked_of(KIND, watched)
    assert "T3" not in found
    assert "T4" in found


def _rated(tool: Tool) -> Tool:
    return Tool(**{**vars(tool), "rating": 1.0 if tool.id == "T3" else 4.0})
