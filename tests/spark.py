"""A Spark session of the tests' own, small enough for one core."""

import shutil
from collections.abc import Iterator
from typing import Any

import ibis
import pytest

_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.adaptive.enabled": "false",
    # Few rows and long questions: nearly all the time goes into planning.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.legacy.storeAnalyzedPlanForView": "true",
    "spark.sql.constraintPropagation.enabled": "false",
    "spark.sql.maxPlanStringLength": "0",
}


@pytest.fixture(scope="session")
def spark_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start Spark once; skip the test where it is not to be had."""
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, and none is installed")
    sql = pytest.importorskip("pyspark.sql", reason="Spark is not installed")
    warehouse = tmp_path_factory.mktemp("spark") / "warehouse"
    builder = sql.SparkSession.builder.master("local[1]")
    for name, value in {**_SETTINGS, "spark.sql.warehouse.dir": str(warehouse)}.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def engine_of(session: Any) -> Any:
    """Return an engine with no tables in it, whose closing leaves Spark to the other tests."""
    engine = ibis.pyspark.connect(session.newSession())
    engine.disconnect = lambda: None
    return engine


@pytest.fixture
def spark(spark_session: Any) -> Any:
    """Return an engine with no tables in it."""
    return engine_of(spark_session)
