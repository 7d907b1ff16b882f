"""The kinds of plain facts find the same on every engine; the desk tests customizations there."""

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
    "budget_overrun",
    "goal_gap",
    "late_approval",
    "leakage",
    "promise_broken",
    "tool_unanswered",
)
KINDS = {name: import_module(f"counterpoise.watch.kinds.{name}").KIND for name in NAMES}


@pytest.fixture(scope="module")
def asked(fact_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Asked:
    return Asked.of(fact_folder / "workspace", KINDS, tmp_path_factory.mktemp("judged"))


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
