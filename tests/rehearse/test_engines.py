"""A replay is the same on every engine."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import ibis
import pytest

from counterpoise.rehearse import Replay, Replaying
from tests.ledger.disk_books import books_of
from tests.postgres import Server
from tests.rehearse.test_on_books import AS_OF, CANDIDATES, THEN, made_up


def _replays(root: Path, names: Iterable[str], engine: Any = None) -> list[Replay]:
    with books_of(root / "company", made_up()) as books:
        if engine is not None:
            books.__dict__["engine"] = engine
        replaying = Replaying.of(books, THEN, AS_OF)
        return [replaying.replay(CANDIDATES[name]) for name in names]


def test_is_the_same_on_postgresql(tmp_path: Path, postgres: Server) -> None:
    there = _replays(tmp_path / "there", CANDIDATES, ibis.connect(postgres.url))
    assert there == _replays(tmp_path / "here", CANDIDATES)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.spark
def test_is_the_same_on_spark(tmp_path: Path, spark: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Ibis and Spark warn of each other's pandas
        there = _replays(tmp_path / "there", ["everything"], spark)
    assert there == _replays(tmp_path / "here", ["everything"])
