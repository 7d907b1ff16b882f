"""Discounts that grow from deal to deal of the same customer."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from counterpoise.watch import Watched
from counterpoise.watch.judge import against_few
from counterpoise.watch.kinds.price_erosion import KIND
from counterpoise.watch.repeats import accounts_of, segments_of
from tests.watch.fact_books import asked_of
from tests.watch.fit_books import small_company
from tests.watch.price_books import AGREEMENT, LAST, deal, person
from tests.watch.samples import sample

SEGMENTS = ("Large", "Middle", "Small")


def deals(slope: float) -> Iterator[dict[str, Any]]:
    """Each of ten customers of three segments has nine deals; small ones pay less every time.

    What large ones pay scatters twice as much.
    """
    for number, segment in enumerate(SEGMENTS):
        for customer in range(10):
            for turn in range(9):
                noise = ((turn * 7 + customer * 3 + number) % 5 - 2) * 0.004
                noise *= 2 if segment == "Large" else 1
                added = slope * turn if segment == "Small" else 0.0
                yield deal(
                    f"{segment}-{customer}-{turn}",
                    0.10 + customer * 0.003 + noise + added,
                    LAST - dt.timedelta(days=300 - turn * 36 - customer % 3),
                    owner_id=f"R{customer % 2}",
                    account_id=f"{segment}{customer}",
                )


def tables(slope: float) -> dict[str, Any]:
    return {
        "people": [person("R0"), person("R1")],
        "accounts": [
            {"account_id": f"{each}{at}", "name": f"{each} Works {at}", "segment": each}
            for each in SEGMENTS
            for at in range(10)
        ],
        "deals": deals(slope),
    }


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    folder: Path = tmp_path_factory.mktemp("books") / "c"
    with small_company(folder, tables(0.02), AGREEMENT) as opened:
        yield opened


def test_finds_the_slope_within_customers(watched: Watched) -> None:
    found = segments_of(watched)
    slopes = dict(zip(found.ids, found.effect.tolist(), strict=True))
    # The mix learns a common part of the slope from the quarters; the difference stands.
    assert slopes["Small"] - slopes["Large"] == pytest.approx(0.02, abs=0.001)
    assert slopes["Middle"] == pytest.approx(slopes["Large"], abs=0.001)
    assert found.n.tolist() == [90, 90, 90]


def test_names_the_segment_and_no_other(watched: Watched) -> None:
    found = {each.subject.id: each for each in KIND.test(watched) if each.variant == "segment"}
    assert set(found) == set(SEGMENTS)
    small = found["Small"]
    assert small.p is not None
    assert small.p < 1e-6
    assert min(each.p or 0.0 for id_, each in found.items() if id_ != "Small") > 0.05
    assert small.subject.type == "segment"


def test_stakes_what_repeats_added_on_won_deals(watched: Watched) -> None:
    small = asked_of(KIND, watched)["Small"]
    rows = watched.books.run(KIND.rows(watched, small)).to_pylist()
    assert len(rows) == 90
    assert sum(row["stake_part"] for row in rows) == pytest.approx(float(small.stake), abs=0.05)
    # Ten customers × (0 + 1 + ... + 8) deals before × 100,000, over the quarters of the window.
    base = 10 * 36 * 100_000 / (365 / 91.3125)
    assert float(small.stake) == pytest.approx(base * (small.observed - small.expected), rel=1e-6)


def test_takes_customers_with_eight_deals_alone(watched: Watched) -> None:
    found = accounts_of(watched)
    assert found.size == 30
    assert set(found.n.tolist()) == {9}


def test_lets_each_segment_scatter_as_it_does(watched: Watched) -> None:
    found = accounts_of(watched)
    variance = dict(zip(found.ids, found.variance.tolist(), strict=True))
    # Twice the scatter is four times the variance, of which 70 rows beside 30 of all tell.
    assert 2 < variance["Large1"] / variance["Middle1"] < 4
    assert variance["Large1"] == pytest.approx(variance["Large9"])


def test_speaks_of_customers_by_name(watched: Watched) -> None:
    found = asked_of(KIND, watched)
    says = KIND.says(watched, found["Small"])
    assert says.startswith("With each repeat deal customers in Small get ")
    assert found["Large3"].subject.name == "Large Works 3"
    assert "long term" in KIND.next_step(watched, found["Small"])
    assert "repeat deals are 0% larger" in KIND.other_view(watched, found["Small"]).says


def test_is_silent_where_customers_pay_the_same(tmp_path: Path) -> None:
    with small_company(tmp_path / "c", tables(0.0), AGREEMENT) as calm:
        segments = [each.p or 0.0 for each in KIND.test(calm) if each.variant == "segment"]
        assert min(segments) > 0.02


class TestAgainstFew:
    def test_holds_one_against_the_others_by_precision(self) -> None:
        found = against_few(sample([3.0, 1.0, 2.0], variance=np.array([1.0, 1.0, 3.0])))
        # The others of the first: (1 × 1 + 2 / 3) / (1 + 1 / 3) = 1.25, variance 0.75.
        assert found.expected[0] == pytest.approx(1.25)
        # z = 1.75 / √1.75 = 1.3229
        assert found.p[0] == pytest.approx(0.0929, abs=1e-4)

    def test_accuses_nobody_for_what_the_others_do_well(self) -> None:
        found = against_few(sample([0.0, -5.0, -5.0], variance=1.0))
        assert found.p[0] == pytest.approx(0.5)

    def test_takes_what_three_others_differ_by(self) -> None:
        calm, wild = (
            against_few(sample([4.0, *others], variance=1.0)).p[0]
            for others in ([0.0, 0.1, -0.1], [-6.0, 0.0, 6.0])
        )
        assert calm < 0.001 < 0.1 < wild

    def test_leaves_out_what_cannot_vary(self) -> None:
        found = against_few(sample([1.0, 0.0], variance=np.array([1.0, 0.0])))
        assert np.isnan(found.p[1])
        assert found.expected[0] == 0.0
