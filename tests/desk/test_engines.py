"""The splits of the worked example come out the same on every engine."""

import csv
import datetime as dt
import warnings
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import pytest

from counterpoise.agreement import Agreements, read_agreement
from counterpoise.books import Books
from counterpoise.desk.judged import judged_deals
from tests.ledger.disk_books import books_of, read_export
from tests.postgres import Server

_PARTS = {
    "list": "list_amount",
    "net": "net_amount",
    "concession": "concession",
    "above_list": "above_list",
    "within_authority": "within_authority",
    "approved": "approved",
    "leakage": "leakage",
    "unjudged": "unjudged",
    "leakage_high": "leakage_high",
    "cost": "cost_amount",
}


@pytest.fixture
def books(shared: Path, tmp_path: Path) -> Iterator[Books]:
    tables = read_export(shared / "golden" / "export")
    with books_of(tmp_path / "company", tables) as opened:
        yield opened


def _check_splits(books: Books, shared: Path) -> None:
    golden = shared / "golden"
    agreements = Agreements.single(read_agreement(golden / "agreement.yaml"))
    judged = judged_deals(books, agreements, dt.date(2026, 6, 30))
    found = {row["deal_id"]: row for row in books.run(judged).to_pylist()}
    with (golden / "deal_splits.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 17
    for row in rows:
        got = found[row["deal_id"]]
        for expected, column in _PARTS.items():
            assert got[column] == Decimal(row[expected]), (row["deal_id"], column)


def test_splits_on_duckdb(books: Books, shared: Path) -> None:
    _check_splits(books, shared)


def test_splits_on_postgresql(books: Books, shared: Path, postgres: Server) -> None:
    _use(books, ibis.connect(postgres.url))
    _check_splits(books, shared)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.spark
def test_splits_on_spark(books: Books, shared: Path, spark: Any) -> None:
    _use(books, spark)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Ibis and Spark warn of each other's pandas
        _check_splits(books, shared)


def _use(books: Books, engine: Any) -> None:
    """Put another engine in the place of the embedded one before it is opened."""
    books.__dict__["engine"] = engine
