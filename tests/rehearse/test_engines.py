"""A replay is the same on every engine."""

from __future__ import annotations

import warnings
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import pytest

from counterpoise.rehearse import Replay, Replaying
from tests.ledger.disk_books import books_of
from tests.postgres import Server
from tests.rehearse.memory_past import deal, past_of
from tests.rehearse.test_on_books import AS_OF, CANDIDATES, THEN, made_up


def _replays(root: Path, engine: Any = None) -> list[Replay]:
    with books_of(root / "company", made_up()) as books:
        if engine is not None:
            books.__dict__["engine"] = engine
        replaying = Replaying.of(books, THEN, AS_OF)
        return [replaying.replay(candidate) for candidate in CANDIDATES.values()]


def test_is_the_same_on_postgresql(tmp_path: Path, postgres: Server) -> None:
    there = _replays(tmp_path / "there", ibis.connect(postgres.url))
    assert there == _replays(tmp_path / "here")


@pytest.mark.timeout(900)
@pytest.mark.spark
def test_deals_stand_at_the_same_place_on_spark(tmp_path: Path, spark: Any) -> None:
    deals = [
        deal(
            f"D{number}",
            2000,
            2000 - 20 * number,
            owner__role=("rep", "manager", None)[number % 3],
            account__segment=("Enterprise", "Small", None, "Charity")[number % 4],
            account__employees=(None, 60, 900)[number // 2 % 3],
            term_months=(36, None, 12)[number // 3 % 3],
            payment=("upfront", None)[number // 5 % 2],
            product_family=("Orion", "Alpine", None)[number // 4 % 3],
            cost_amount=Decimal(1100),
        )
        for number in range(24)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Ibis and Spark warn of each other's pandas
        there, here = (
            Replaying(past).counting(CANDIDATES["everything"]).replay()
            for past in (past_of(deals, THEN, spark, tmp_path / "deals"), past_of(deals, THEN))
        )
    assert there == here
    assert all(getattr(here.now.counts, name) for name in ("granted", "refused", "unjudged"))
