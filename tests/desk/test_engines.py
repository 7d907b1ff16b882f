"""The splits of the worked example come out the same on every engine."""

import csv
import datetime as dt
import shutil
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


@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java, and none is installed")
def test_splits_on_spark(books: Books, shared: Path, tmp_path: Path) -> None:
    sql = pytest.importorskip("pyspark.sql", reason="Spark is not installed")
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": str(tmp_path / "warehouse"),
        "spark.sql.adaptive.enabled": "false",
    }
    builder = sql.SparkSession.builder.master("local[1]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Ibis and Spark warn of each other's pandas
            _use(books, ibis.pyspark.connect(session))
            _check_splits(books, shared)
    finally:
        session.stop()


def _use(books: Books, engine: Any) -> None:
    """Put another engine in the place of the embedded one before it is opened."""
    books.__dict__["engine"] = engine
