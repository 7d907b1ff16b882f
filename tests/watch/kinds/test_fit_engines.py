"""The kinds about whom the company sells to find the same on every engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
from tests.watch.fit_books import KINDS

Answers = dict[tuple[str, str, str], kind.Tested]


@pytest.fixture(scope="module")
def judged(
    fit_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Answers]]:
    """Judge the deals once, keep them in a file, and ask every kind on the embedded engine."""
    file = tmp_path_factory.mktemp("judged") / "judged.parquet"
    workspace = Workspace.open(fit_folder / "workspace")
    with Books.open(workspace) as books:
        watched = watched_of(books, load_agreements(workspace.root))
        books.write(watched.judged, file)
        yield file, answers(watched)


def answers(watched: Watched) -> Answers:
    return {
        (name, each.variant, each.subject.id): each
        for name, asked in KINDS.items()
        if not asked.missing(watched)
        for each in asked.test(watched)
    }


def check(
    fit_folder: Path, judged: tuple[Path, Answers], engine: Any, shown: Iterable[str] = KINDS
) -> None:
    """Ask the kinds on an engine and compare what they find, and read the rows of some."""
    file, expected = judged
    workspace = Workspace.open(fit_folder / "workspace")
    agreements = load_agreements(workspace.root)
    books = Books.open(workspace)
    books.__dict__["engine"] = engine
    version = agreements.on(AS_OF)
    assert version is not None
    deals = read_table(engine, file, "judged_elsewhere")
    watched = Watched(View(books, AS_OF), agreements, version.agreement, deals)
    found = answers(watched)
    assert set(found) == set(expected)
    for key, each in found.items():
        assert each.p == pytest.approx(expected[key].p, rel=1e-6, abs=1e-30), key
        assert float(each.stake) == pytest.approx(float(expected[key].stake), abs=0.02), key
        assert each.since == expected[key].since, key
    for name in shown:
        asked = KINDS[name]
        worst = min((each for key, each in found.items() if key[0] == name), key=_p)
        rows = books.run(asked.rows(watched, worst))
        assert sum(rows["stake_part"].to_pylist()) == pytest.approx(float(worst.stake), rel=0.01)
        assert asked.other_view(watched, worst).figures
    del books.__dict__["engine"]


def _p(each: kind.Tested) -> float:
    assert each.p is not None
    return each.p


def test_on_postgresql(fit_folder: Path, judged: tuple[Path, Answers], postgres: Server) -> None:
    engine = ibis.connect(postgres.url)
    check(fit_folder, judged, engine)
    engine.disconnect()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # Ibis and Spark warn of each other's pandas
def test_on_spark(fit_folder: Path, judged: tuple[Path, Answers], spark_session: Any) -> None:
    check(fit_folder, judged, engine_of(spark_session), ())
