"""What pages of the trade read is the same on every engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ibis
import pytest

from counterpoise.agreement import load_agreements
from counterpoise.books import Books, Workspace
from counterpoise.books.facts import View
from counterpoise.web.results.measured import Measured
from counterpoise.web.results.promoted import measure_promoted
from counterpoise.web.results.shelf import measure_shelf
from tests.postgres import Server
from tests.spark import engine_of
from tests.web.trade.conftest import AS_OF

_ORDERS = {
    "shelf": ["by", "key", "week"],
    "shelf_cells": ["account_id", "product_family"],
    "promoted": ["promotion_id"],
    "promoted_weeks": ["promotion_id", "week"],
}
Told = dict[str, Any]


def _told(folder: Path, engine: Any = None) -> Told:
    with Books.open(Workspace.open(folder)) as books:
        if engine is not None:
            books.__dict__["engine"] = engine
        measured = Measured(
            View(books, AS_OF), load_agreements(folder), ibis.table({"x": "int64"}, name="none")
        )
        found: Told = {}
        for measure in (measure_shelf, measure_promoted):
            outcome = measure(measured)
            found[measure.__name__] = outcome.figures
            for name, rows in outcome.tables.items():
                found[name] = books.run(rows.order_by(_ORDERS[name])).to_pylist()
        if engine is not None:
            del books.__dict__["engine"]  # whoever made it closes it
    return found


def _same(one: Any, other: Any, where: str = "") -> None:
    if isinstance(one, dict):
        assert one.keys() == other.keys(), where
        for name in one:
            _same(one[name], other[name], f"{where}.{name}")
    elif isinstance(one, list):
        assert len(one) == len(other), where
        for at, (each, beside) in enumerate(zip(one, other, strict=True)):
            _same(each, beside, f"{where}[{at}]")
    elif isinstance(one, float):
        assert one == pytest.approx(other, rel=1e-6, abs=1e-6), where
    else:
        assert one == other, where


@pytest.fixture(scope="module")
def here(shelf_workspace: Path) -> Told:
    return _told(shelf_workspace)


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.timeout(600)
def test_is_the_same_on_postgresql(shelf_workspace: Path, here: Told, postgres: Server) -> None:
    engine = ibis.connect(postgres.url)
    there = _told(shelf_workspace, engine)
    engine.disconnect()
    _same(there, here)


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.timeout(1800)
@pytest.mark.filterwarnings("ignore")  # Ibis and Spark warn of each other's pandas
def test_is_the_same_on_spark(shelf_workspace: Path, here: Told, spark_session: Any) -> None:
    _same(_told(shelf_workspace, engine_of(spark_session)), here)
