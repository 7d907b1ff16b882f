"""The evidence for a draft comes out the same on every engine."""

import datetime as dt
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ibis
import pytest

from counterpoise.agreement.drafting import draft, gather_evidence
from counterpoise.books import Books
from counterpoise.demo import make_company
from tests.ledger.disk_books import books_of, read_export
from tests.postgres import Server

AS_OF = dt.date(2026, 6, 30)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Any:
    company = make_company(tmp_path_factory.mktemp("made") / "company", deals=1500, seed=3)
    return read_export(company.export)


@pytest.fixture
def books(tables: Any, tmp_path: Path) -> Iterator[Books]:
    with books_of(tmp_path / "company", tables) as opened:
        yield opened


@pytest.fixture(scope="module")
def expected(tables: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    with books_of(tmp_path_factory.mktemp("duckdb") / "company", tables) as opened:
        return draft(gather_evidence(opened, AS_OF))


def test_drafts_the_same_on_postgresql(books: Books, expected: str, postgres: Server) -> None:
    books.__dict__["engine"] = ibis.connect(postgres.url)
    assert draft(gather_evidence(books, AS_OF)) == expected


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.spark
@pytest.mark.thorough
def test_drafts_the_same_on_spark(books: Books, expected: str, spark: Any) -> None:
    books.__dict__["engine"] = spark
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Ibis and Spark warn of each other's pandas
        assert draft(gather_evidence(books, AS_OF)) == expected
