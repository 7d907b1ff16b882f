"""Measures are kept beside the review that they were worked out with."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import ibis
import pyarrow.parquet as pq
import pytest

from counterpoise.agreement import Agreements
from counterpoise.books.facts import View
from counterpoise.web.results import measures
from counterpoise.web.results.measures import Measure, Measured, Outcome, write_measures
from counterpoise.web.results.reading import KeptReview

DAY = dt.date(2026, 6, 30)
DEALS = ibis.memtable({"deal_id": ["D1", "D2"], "owner_id": ["P1", None]})


class _Books:
    def write(self, expression: Any, file: Path) -> None:
        pq.write_table(expression.to_pyarrow(), file)


def _counted(measured: Measured) -> Outcome:
    assert measured.agreement is None
    return Outcome({"deals": [1, None]}, {"counted_deals": measured.deals})


def _kept(folder: Path) -> KeptReview:
    made_at = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
    return KeptReview(folder, "k", "s", DAY, made_at, 1)


def test_figures_and_rows_of_a_measure_are_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, "MEASURES", (Measure("counted", _counted),))
    view = cast("View", SimpleNamespace(books=_Books(), as_of=DAY))
    write_measures(Measured(view, Agreements(), DEALS), tmp_path)
    kept = _kept(tmp_path)
    assert kept.measure("counted") == {"deals": [1, None]}
    assert json.loads((tmp_path / "counted.json").read_text()) == {"deals": [1, None]}
    rows = kept.tables.run(kept.tables.table("counted_deals")).to_pylist()
    assert [row["deal_id"] for row in rows] == ["D1", "D2"]
    kept.tables.close()


def test_a_measure_that_was_not_kept_is_nothing(tmp_path: Path) -> None:
    assert _kept(tmp_path).measure("counted") is None


def test_a_program_that_measures_more_makes_its_own_review(monkeypatch: pytest.MonkeyPatch) -> None:
    from counterpoise.web.results.keeping import Occasion

    before = Occasion("s", DAY, ()).key
    more = (*measures.MEASURES, Measure("counted", _counted))
    monkeypatch.setattr(measures, "MEASURES", more)
    assert Occasion("s", DAY, ()).key != before
