"""The kinds of plain facts find the same on every engine; the desk tests customizations there."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import ibis
import pytest

from counterpoise.agreement import load_agreements
from counterpoise.books import Books, Workspace
from counterpoise.books.engines import read_table
from counterpoise.books.facts import View
from counterpoise.watch import Watched, kind
from tests.postgres import Server
from tests.spark import engine_of
from tests.watch.fact_books import AS_OF, watched_of

NAMES = (
    "budget_overrun",
    "goal_gap",
    "late_approval",
    "leakage",
    "promise_broken",
)
KINDS: dict[str, kind.Kind] = {
    name: import_module(f"counterpoise.watch.kinds.{name}").KIND for name in NAMES
}
Answers = dict[tuple[str, str, str], kind.Tested]


@pytest.fixture(scope="module")
def judged(
    fact_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Answers]]:
    """Judge the deals once, keep them in a file, and ask every kind on the embedded engine."""
    file = tmp_path_factory.mktemp("judged") / "judged.parquet"
    workspace = Workspace.open(fact_folder / "workspace")
    with Books.open(workspace) as books:
        watched = watched_of(books, load_agreements(workspace.root))
        books.write(watched.judged, file)
        yield file, answers(watched)


def answers(watched: Watched) -> Answers:
    return {
        (name, each.variant, each.subject.id): each
        for name, asked in KINDS.items()
        for each in asked.test(watched)
    }


def check(fact_folder: Path, judged: tuple[Path, Answers], engine: Any) -> None:
    file, expected = judged
    workspace = Workspace.open(fact_folder / "workspace")
    agreements = load_agreements(workspace.root)
    books = Books.open(workspace)
    books.__dict__["engine"] = engine
    version = agreements.on(AS_OF)
    assert version is not None
    deals = read_table(engine, file, "facts_judged_elsewhere")
    watched = Watched(View(books, AS_OF), agreements, version.agreement, deals)
    found = answers(watched)
    assert {name for name, _, _ in expected} == {*NAMES}
    assert set(found) == set(expected)
    for key, each in found.items():
        chances = [one.p for one in (each, expected[key]) if one.p is not None]
        assert chances == pytest.approx(chances[::-1], rel=1e-5, abs=1e-30), key
        assert float(each.stake) == pytest.approx(float(expected[key].stake), abs=0.02), key
        assert each.since == expected[key].since, key
    for name, asked in KINDS.items():
        worst = max((each for key, each in found.items() if key[0] == name), key=_stake)
        rows = books.run(asked.rows(watched, worst))
        assert sum(rows["stake_part"].to_pylist()) == pytest.approx(float(worst.stake), rel=0.1)
        assert asked.other_view(watched, worst).figures
    del books.__dict__["engine"]


def _stake(each: kind.Tested) -> float:
    return float(each.stake)


def test_on_postgresql(fact_folder: Path, judged: tuple[Path, Answers], postgres: Server) -> None:
    engine = ibis.connect(postgres.url)
    check(fact_folder, judged, engine)
    engine.disconnect()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # Ibis and Spark warn of each other's pandas
def test_on_spark(fact_folder: Path, judged: tuple[Path, Answers], spark_session: Any) -> None:
    check(fact_folder, judged, engine_of(spark_session))
