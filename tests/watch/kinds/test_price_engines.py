"""The kinds about prices find the same on every engine."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import ibis
import pytest

from tests.postgres import Server
from tests.spark import engine_of
from tests.watch.elsewhere import Asked

NAMES = (
    "discount_drift",
    "list_not_believed",
    "price_erosion",
    "quarter_end",
    "threshold_hugging",
)
KINDS = {name: import_module(f"counterpoise.watch.kinds.{name}").KIND for name in NAMES}


@pytest.fixture(scope="module")
def asked(fit_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Asked:
    return Asked.of(fit_folder / "workspace", KINDS, tmp_path_factory.mktemp("judged"))


def test_on_postgresql(asked: Asked, postgres: Server) -> None:
    assert {name for name, _, _ in asked.answers} == {*NAMES}
    engine = ibis.connect(postgres.url)
    asked.check(engine)
    engine.disconnect()


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore")  # Ibis and Spark warn of each other's pandas
def test_on_spark(asked: Asked, spark_session: Any) -> None:
    asked.check(engine_of(spark_session))
