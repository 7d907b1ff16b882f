"""Deals taken up outside every persona, where a deal outside earns less."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from counterpoise.agreement import parse_agreement
from counterpoise.watch import Watched
from counterpoise.watch.kinds.off_persona import KIND
from tests.watch.fact_books import asked_of
from tests.watch.fit_books import BARE, QUARTERS, accounts, deal, small_company

PEOPLE = [
    {"person_id": f"R{rep}", "name": f"Rep {rep}", "role": "rep", "team": "North"}
    for rep in range(10)
]


def deals(won_outside: int) -> Iterator[dict[str, Any]]:
    """Ten reps with forty deals, ten of them outside; R3 has thirty outside, and one unknown.

    Every other deal inside is won, and so many of every ten outside.
    """
    for rep in range(10):
        inside = 10 if rep == 3 else 30
        for at in range(40):
            is_won = at % 2 == 0 if at < inside else at % 10 < won_outside
            account = f"I{at}" if at < inside else f"O{at - inside}"
            yield deal(f"D{rep}-{at:02}", account, "won" if is_won else "lost", owner_id=f"R{rep}")
    yield deal("D-X", "X", "lost", owner_id="R3")


def tables(won_outside: int) -> dict[str, Any]:
    return {
        "people": PEOPLE,
        "accounts": [*accounts(inside=30, outside=30), {"account_id": "X", "segment": "Small"}],
        "deals": deals(won_outside),
    }


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with small_company(tmp_path_factory.mktemp("books") / "c", tables(won_outside=1)) as opened:
        yield opened


def test_names_who_pursues_outside_the_personas_more_than_peers(watched: Watched) -> None:
    found = asked_of(KIND, watched)
    assert len([each for each in found.values() if each.variant == "rep"]) == 10
    stray = found["R3"]
    assert stray.p is not None
    assert stray.p < 1e-4
    assert (stray.observed, round(stray.expected, 6), stray.n) == (0.75, 0.25, 40)
    assert min(each.p or 0.0 for id_, each in found.items() if id_ != "R3") > 0.05


def test_the_stake_is_what_the_same_deals_inside_would_have_earned_more(watched: Watched) -> None:
    # Inside half the deals bring 40,000 each: 20,000 a deal pursued; outside one in ten: 4,000.
    stray = asked_of(KIND, watched)["R3"]
    assert float(stray.stake) == pytest.approx(0.5 * 40 / QUARTERS * 16_000, abs=0.01)
    rows = watched.books.run(KIND.rows(watched, stray)).to_pylist()
    assert len(rows) == 30
    assert sum(row["stake_part"] for row in rows) == pytest.approx(float(stray.stake))


def test_says_it_aloud(watched: Watched) -> None:
    stray = asked_of(KIND, watched)["R3"]
    assert KIND.says(watched, stray) == (
        "75% of the deals that Rep 3 takes up are outside every persona, where 25% is usual among "
        "colleagues. A deal outside earns 4,000 USD, one inside 20,000 USD, lost ones included. "
        "Only 40 deals tell, so read it with care."
    )
    assert "fit none of Maker" in KIND.next_step(watched, stray)
    assert "no lead" in KIND.other_view(watched, stray).says


def test_is_not_asked_where_outside_earns_as_much(tmp_path: Path) -> None:
    with small_company(tmp_path / "c", tables(won_outside=5)) as opened:
        assert "do not surely earn less" in KIND.missing(opened)


def test_is_not_asked_without_personas(watched: Watched) -> None:
    bare = replace(watched, agreement=parse_agreement(BARE))
    assert KIND.missing(bare) == "the agreement names no persona"


def test_a_deal_whose_persona_is_unknown_does_not_count(watched: Watched) -> None:
    own = watched.judged.filter(watched.judged.owner_id == "R3")
    assert watched.one(own.count()) == 41
    assert asked_of(KIND, watched)["R3"].n == 40
