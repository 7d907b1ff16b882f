"""Deeper discounts than peers give, or than the subject gave before."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from counterpoise.watch import Watched
from counterpoise.watch.kinds.discount_drift import KIND
from tests.watch.fact_books import asked_of
from tests.watch.fit_books import small_company
from tests.watch.price_books import AGREEMENT, LAST, deal, person, quarterly

REPS = [f"R{at}" for at in range(10)]


def deals(deep: str = "R3", late: str = "R7") -> Iterator[dict[str, Any]]:
    """Ten reps with eighty deals at 9, 10 or 11 %; one gives 8 points more, one lately 8 more."""
    for number, rep in enumerate(REPS):
        for at in range(80):
            day = LAST - dt.timedelta(days=1 + at * 4)
            rate = 0.10 + (at % 3 - 1) * 0.01 + (number % 3 - 1) * 0.002
            rate += 0.08 if rep == deep or (rep == late and at < 40) else 0.0
            yield deal(f"{rep}-{at:02}", rate, day, owner_id=rep, account_id=f"A{at}")


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    tables = {"people": [person(id_) for id_ in REPS], "deals": deals()}
    folder: Path = tmp_path_factory.mktemp("books") / "c"
    with small_company(folder, tables, AGREEMENT) as opened:
        yield opened


def test_names_who_gives_more_than_peers(watched: Watched) -> None:
    found = asked_of(KIND, watched)
    deep = found["R3"]
    assert deep.p is not None
    assert deep.p < 0.01
    assert not deep.by_past
    assert deep.observed == pytest.approx(0.178, abs=0.0005)
    assert deep.expected == pytest.approx(0.10, abs=0.006)
    assert deep.n == 80


def test_names_who_gives_more_than_before(watched: Watched) -> None:
    lately = asked_of(KIND, watched)["R7"]
    assert lately.by_past
    assert lately.p is not None
    assert lately.p < 0.01
    assert lately.since == watched.recent_first == dt.date(2025, 12, 31)
    # 46 of the deals lie in the last 182 days, 40 of them deeper.
    assert lately.observed - lately.expected == pytest.approx(0.08 * 40 / 46, abs=0.006)


def test_suspects_nobody_else(watched: Watched) -> None:
    others = [each for id_, each in asked_of(KIND, watched).items() if id_ not in {"R3", "R7"}]
    assert len(others) >= 8
    assert min(each.p or 0.0 for each in others) > 0.03


def test_stakes_what_is_given_beyond_expectation_on_won_deals_a_quarter(watched: Watched) -> None:
    deep = asked_of(KIND, watched)["R3"]
    assert float(deep.stake) == pytest.approx(quarterly(80, deep.observed - deep.expected))
    rows = watched.books.run(KIND.rows(watched, deep)).to_pylist()
    assert sum(row["stake_part"] for row in rows) == pytest.approx(float(deep.stake), abs=0.01)


def test_speaks_so_that_a_manager_can_say_it(watched: Watched) -> None:
    found = asked_of(KIND, watched)
    assert KIND.says(watched, found["R3"]).startswith("Name of R3 gives ")
    assert "colleagues on the same mix" in KIND.says(watched, found["R3"])
    assert "than before" in KIND.says(watched, found["R7"])
    assert "counter-offers" in KIND.next_step(watched, found["R3"])
    assert KIND.other_view(watched, found["R3"]).figures[0] == ("Contested deals", "0%")
