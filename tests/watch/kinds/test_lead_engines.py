"""The kinds about leads find the same on every engine."""

from __future__ import annotations

from collections.abc import Iterator
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
from tests.sharing import made_once
from tests.spark import engine_of
from tests.watch.fact_books import watched_of
from tests.watch.lead_books import AS_OF, PLANTED, lead_kinds, make_lead_company

Answers = dict[tuple[str, str, str], kind.Tested]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = made_once(tmp_path_factory, "lead_company", make_lead_company)
    return made / "faulty" / "workspace"


@pytest.fixture(scope="module")
def judged(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Answers]]:
    """Judge the deals once, keep them in a file, and ask every kind on the embedded engine."""
    file = tmp_path_factory.mktemp("judged") / "judged.parquet"
    with Books.open(Workspace.open(folder)) as books:
        watched = watched_of(books, load_agreements(folder))
        books.write(watched.judged, file)
        yield file, answers(watched)


def answers(watched: Watched) -> Answers:
    return {
        (name, each.variant, each.subject.id): each
        for name in PLANTED
        for each in lead_kinds()[name].test(watched)
    }


def check(folder: Path, judged: tuple[Path, Answers], engine: Any, shown: tuple[str, ...]) -> None:
    """Ask the kinds on an engine and compare what they find, and read the rows of some."""
    file, expected = judged
    agreements = load_agreements(folder)
    books = Books.open(Workspace.open(folder))
    books.__dict__["engine"] = engine
    version = agreements.on(AS_OF)
    assert version is not None
    deals = read_table(engine, file, "judged_leads_elsewhere")
    watched = Watched(View(books, AS_OF), agreements, version.agreement, deals)
    found = answers(watched)
    assert set(found) == set(expected)
    for key, each in found.items():
        assert each.p == pytest.approx(expected[key].p, rel=1e-6, abs=1e-30), key
        assert float(each.stake) == pytest.approx(float(expected[key].stake), abs=0.02), key
    for name in shown:
        asked = lead_kinds()[name]
        worst = min((each for key, each in found.items() if key[0] == name), key=_p)
        assert books.run(asked.rows(watched, worst)).num_rows > 0
        assert asked.other_view(watched, worst).figures
    del books.__dict__["engine"]


def _p(each: kind.Tested) -> float:
    assert each.p is not None
    return each.p


def test_on_postgresql(folder: Path, judged: tuple[Path, Answers], postgres: Server) -> None:
    engine = ibis.connect(postgres.url)
    check(folder, judged, engine, tuple(PLANTED))
    engine.disconnect()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # Ibis and Spark warn of each other's pandas
def test_on_spark(folder: Path, judged: tuple[Path, Answers], spark_session: Any) -> None:
    check(folder, judged, engine_of(spark_session), ("slow_handoff",))
