"""What is taken from volume, held against adding up every week of books full of gaps."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from benchmarks.trade_panels import make_panel, write_books
from counterpoise.books import Books, Workspace
from counterpoise.books.facts import View
from counterpoise.ledger.answers import OUTCOME, Answers, answers
from counterpoise.ledger.apart import apart
from counterpoise.ledger.moments import Floats, Moments, moments
from counterpoise.ledger.promotion_weeks import AFTER, NEIGHBOURS, UNIT, Panel, panel
from counterpoise.ledger.within import Fit, fit

if TYPE_CHECKING:
    import pandas as pd

END = dt.date(2026, 12, 31)


def with_gaps(folder: Path) -> Workspace:
    """Return made-up books in which some weeks, base prices and features are missing."""
    workspace = write_books(make_panel(5, (12, 4, 60)), folder)
    (file,) = workspace.books_dir.glob("snapshots/*/sell_through.parquet")
    rows = pq.read_table(file)
    for at, (name, every) in enumerate({"base_price": 29, "featured": 37}.items()):
        is_known = pa.array(np.arange(len(rows)) % every != at)
        gone = pa.scalar(None, rows.schema.field(name).type)
        values = pc.if_else(is_known, rows[name], gone)
        rows = rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), values)
    pq.write_table(rows.filter(pa.array(np.arange(len(rows)) % 23 != 7)), file)
    return workspace


def around_means(weeks: pd.DataFrame, column: pd.Series[float]) -> pd.Series[float]:
    return column - column.groupby([weeks[name] for name in UNIT]).transform("mean")


def every_week(books: Books, weeks: Panel, known: Moments, found: Fit, own: Answers) -> Floats:
    """Take answers and shocks from every week, and add up products account by account."""
    calendar = weeks.calendar.weeks
    laid = books.run(weeks.cells.inner_join(calendar, weeks.cells.week == calendar.on)).to_pandas()
    laid = laid.dropna(subset=[*known.names, OUTCOME])
    laid = laid.merge(books.run(own.units).to_pandas(), on=list(UNIT))
    slopes = found.by_name
    told = sum(laid[name] * slopes[name] for name in weeks.own)
    left = laid[OUTCOME] - sum(laid[name] * slope for name, slope in slopes.items())
    left = around_means(laid, left - laid.departs * told)
    shock = left.groupby(laid.week).transform("mean")
    laid["less"] = laid[OUTCOME] - laid.departs * told - shock
    values = [around_means(laid, laid[name].astype(float)) for name in (*known.names, "less")]
    table = np.column_stack(values)
    of = laid[UNIT[0]].to_numpy()
    return np.array([table[of == key].T @ table[of == key] for key in known.keys])


def test_products_are_those_of_every_week_where_much_is_missing(tmp_path: Path) -> None:
    with Books.open(with_gaps(tmp_path / "space")) as books:
        weeks = panel(View(books, END))
        assert isinstance(weeks, Panel)
        names = (*weeks.price, *weeks.time, *weeks.own, *AFTER, *NEIGHBOURS)
        known = moments(books, weeks.observed(), OUTCOME, names)
        found = fit(known)
        assert isinstance(found, Fit)
        own = answers(books, weeks, known, found)
        told, expected = (
            apart(books, own, known).grams,
            every_week(books, weeks, known, found, own),
        )
    assert own.spread > 0
    assert told == pytest.approx(expected, rel=1e-8, abs=1e-8)
