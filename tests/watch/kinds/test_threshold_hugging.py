"""Rates that pile up just under a limit."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from counterpoise.watch import Watched
from counterpoise.watch.kinds.threshold_hugging import KIND
from tests.watch.fact_books import asked_of
from tests.watch.fit_books import small_company
from tests.watch.price_books import AGREEMENT, LAST, QUARTERS, deal, person

SIZE = 900


def rates(*, moved: bool) -> list[float]:
    """Draw rates around 5.5 %; half of those up to three points above 6 % are moved under it."""
    rng = np.random.default_rng(6)
    wish = np.maximum(rng.normal(0.055, 0.03, SIZE), 0.001)
    found = np.where(rng.random(SIZE) < 0.4, np.maximum(wish.round(2), 0.01), wish.round(3))
    ducks = (found > 0.06) & (found <= 0.09) & (rng.random(SIZE) < 0.6) & moved
    return [round(float(rate), 4) for rate in np.where(ducks, 0.058, found)]


def deals(*, moved: bool) -> Iterator[dict[str, Any]]:
    for at, rate in enumerate(rates(moved=moved)):
        day = LAST - dt.timedelta(days=1 + at % 360)
        yield deal(f"D{at:03}", rate, day, owner_id=f"R{at % 5}", account_id=f"A{at}")


def tables(*, moved: bool) -> dict[str, Any]:
    return {"people": [person(f"R{at}") for at in range(5)], "deals": deals(moved=moved)}


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    folder: Path = tmp_path_factory.mktemp("books") / "c"
    with small_company(folder, tables(moved=True), AGREEMENT) as opened:
        yield opened


def test_names_the_limit_row(watched: Watched) -> None:
    found = asked_of(KIND, watched)["all"]
    here = [rate for rate in rates(moved=True) if 0.05 < rate <= 0.06]
    above_0 = [rate for rate in rates(moved=True) if rate > 0]
    assert (found.variant, found.subject.type, found.n) == ("limit", "limit", len(above_0))
    assert found.observed == pytest.approx(len(here) / len(above_0))
    assert found.p is not None
    assert found.p < 1e-6
    assert found.low < found.observed < found.high


def test_stakes_the_excess_share_of_concessions_there(watched: Watched) -> None:
    found = asked_of(KIND, watched)["all"]
    given = sum(rate for rate in rates(moved=True) if 0.05 < rate <= 0.06) * 100_000
    excess = (found.observed - found.expected) / found.observed
    assert float(found.stake) == pytest.approx(excess * given / float(QUARTERS), rel=1e-4)
    rows = watched.books.run(KIND.rows(watched, found)).to_pylist()
    assert {row["rate"] <= 0.06 + 1e-9 for row in rows} == {True}
    assert sum(row["stake_part"] for row in rows) == pytest.approx(float(found.stake), abs=0.05)


def test_shows_the_bins_around_the_limit(watched: Watched) -> None:
    picture = asked_of(KIND, watched)["all"].picture
    assert [mark.label for mark in picture.marks if mark.is_subject] == ["0.0500", "0.0550"]


def test_speaks_of_the_limit_and_of_the_levers(watched: Watched) -> None:
    found = asked_of(KIND, watched)["all"]
    assert "Under the limit “all” " in KIND.says(watched, found)
    assert "discounts.limits.all" in KIND.next_step(watched, found)
    assert "long term" in KIND.next_step(watched, found)
    assert "a quarter of value given up to the limit" in KIND.other_view(watched, found).says


def test_is_silent_where_nobody_moves_a_rate(tmp_path: Path) -> None:
    with small_company(tmp_path / "c", tables(moved=False), AGREEMENT) as calm:
        assert (asked_of(KIND, calm)["all"].p or 0.0) > 0.05
