"""The kinds about leads find the same on every engine."""

from __future__ import annotations

from typing import Any

import ibis
import pytest

from tests.postgres import Server
from tests.sharing import made_once
from tests.spark import engine_of
from tests.watch.elsewhere import Asked
from tests.watch.lead_books import PLANTED, lead_kinds, make_lead_company


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    made = made_once(tmp_path_factory, "lead_company", make_lead_company)
    kinds = {name: lead_kinds()[name] for name in PLANTED}
    return Asked.of(made / "faulty" / "workspace", kinds, tmp_path_factory.mktemp("judged"))


def test_on_postgresql(asked: Asked, postgres: Server) -> None:
    engine = ibis.connect(postgres.url)
    asked.check(engine)
    engine.disconnect()


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore")  # Ibis and Spark warn of each other's pandas
def test_on_spark(asked: Asked, spark_session: Any) -> None:
    asked.check(engine_of(spark_session), ("slow_handoff",))
