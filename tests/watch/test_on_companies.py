"""The whole watch on made-up companies: silent where nothing is wrong, and seeing both sides."""

from collections.abc import Iterator

import pytest

from benchmarks.watch_company import Bench, Task, open_bench, open_company, planted
from counterpoise.demo import Faults
from counterpoise.demo.consumer import CONSUMER_FAULTS
from counterpoise.demo.planting import Side
from counterpoise.watch import watch
from counterpoise.watch.words import SMALL
from scripts.crack_examples import faults_of

pytestmark = pytest.mark.slow

NOT_THERE = sorted([*CONSUMER_FAULTS, "silence", "tool_unanswered", "trust_gap"])
"""Kinds about the trade of another company, and about what the room alone knows."""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with open_bench(tmp_path_factory.mktemp("companies")) as opened:
        yield opened


@pytest.mark.parametrize("seed", [10_001, 10_002])
def test_a_company_without_faults_raises_nothing(bench: Bench, seed: int) -> None:
    with open_company(bench, Task("blameless", seed)) as company:
        found = watch(company.watched())
    assert [crack.says for crack in found.cracks] == []
    assert found.questions > 300
    assert [each.kind for each in found.not_watched] == NOT_THERE


@pytest.mark.parametrize("side", [Side.SALES, Side.MARKETING])
def test_what_goes_wrong_on_one_side_is_found_there(bench: Bench, side: Side) -> None:
    faults: Faults = faults_of(side)
    with open_company(bench, Task("planted", 10_003), faults) as company:
        found = watch(company.watched())
        truth = {(each["kind"], each["type"], each["id"]) for each in planted(company.made)}
    named = {(crack.kind, crack.subject.type, crack.subject.id) for crack in found.cracks}
    assert truth - named == set()
    assert {crack.side for crack in found.cracks} <= {side, Side.BOTH}


@pytest.mark.parametrize("side", [Side.SALES, Side.MARKETING])
def test_a_small_company_is_watched_whole_and_small_numbers_are_said(
    bench: Bench, side: Side
) -> None:
    task = Task("size", 10_004, deals=900, reps=12)
    with open_company(bench, task, faults_of(side)) as company:
        found = watch(company.watched())
        told = [crack for crack in found.cracks if crack.q_value is not None]
    assert [each.kind for each in found.not_watched] == NOT_THERE
    assert found.questions > 20
    few = [crack for crack in told if crack.n < SMALL]
    assert [crack.says for crack in few if "Only" not in crack.says] == []
    assert not [crack.says for crack in told if crack.n >= SMALL and "Only" in crack.says]
