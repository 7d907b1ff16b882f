"""Funnel and credit find the same on other engines, and are read back as they were worked out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ibis
import pytest

from counterpoise.agreement import Agreements
from counterpoise.books import Books, Workspace
from counterpoise.books.engines import read_table
from counterpoise.books.facts import View
from counterpoise.ledger.deal_table import deal_table
from counterpoise.web.results.journeys import measure_credit, measure_funnel
from counterpoise.web.results.measured import Measured
from tests.ledger import test_credit, test_funnel
from tests.ledger.agreements import agreement
from tests.ledger.disk_books import books_of
from tests.postgres import Server
from tests.spark import engine_of

AS_OF = dt.date(2026, 6, 30)
TABLES = {**test_funnel.TABLES, **test_credit.TABLES}


def _told(folder: Path, engine: Any = None) -> dict[str, Any]:
    agreements = Agreements.single(agreement(test_funnel.MAKERS))
    books = Books.open(Workspace.open(folder))
    if engine is not None:
        books.__dict__["engine"] = engine
    view, file = View(books, AS_OF), folder.parent / "judged.parquet"
    if not file.exists():
        books.write(deal_table(view, agreements), file)
    measured = Measured(view, agreements, read_table(books.engine, file, "journey_deals"))
    found: dict[str, Any] = {
        each.__name__: each(measured).figures for each in (measure_funnel, measure_credit)
    }
    if engine is not None:
        del books.__dict__["engine"]  # the fixture closes it
    books.close()
    return found


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Return the workspace, and what the embedded engine tells of it."""
    folder = tmp_path_factory.mktemp("journeys") / "books"
    books_of(folder, TABLES).close()
    return folder, _told(folder)


def _same(found: Any, expected: Any, path: str = "") -> None:
    if isinstance(expected, Mapping):
        assert found.keys() == expected.keys(), path
        for name, each in expected.items():
            _same(found[name], each, f"{path}.{name}")
    elif isinstance(expected, list):
        assert len(found) == len(expected), path
        for at, (each, other) in enumerate(zip(_sorted(found), _sorted(expected), strict=True)):
            _same(each, other, f"{path}.{at}")
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, rel=1e-7, abs=1e-9), path
    else:
        assert found == expected, path


def _sorted(rows: list[Any]) -> list[Any]:
    """Put groups in one order; engines return them in any."""
    keyed = rows and isinstance(rows[0], dict) and "key" in rows[0]
    return sorted(rows, key=lambda row: str(row["key"])) if keyed else rows


def test_there_is_something_to_tell(asked: tuple[Path, dict[str, Any]]) -> None:
    told = asked[1]
    assert told["measure_funnel"]["whole"]["counts"]["won"] == 1
    assert told["measure_funnel"]["touches"]
    assert told["measure_credit"]["deals"] == 2


@pytest.mark.postgres
def test_finds_the_same_on_postgresql(asked: tuple[Path, dict[str, Any]], postgres: Server) -> None:
    folder, expected = asked
    engine = ibis.connect(postgres.url)
    _same(_told(folder, engine), expected)
    engine.disconnect()


@pytest.mark.spark
@pytest.mark.thorough
@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.filterwarnings("ignore")  # Ibis and Spark warn of each other's pandas
def test_finds_the_same_on_spark(asked: tuple[Path, dict[str, Any]], spark_session: Any) -> None:
    folder, expected = asked
    _same(_told(folder, engine_of(spark_session)), expected)
