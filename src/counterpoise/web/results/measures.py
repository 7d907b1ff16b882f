"""Measures that a review leaves behind beside its figures: the next one is a line in `MEASURES`.

The worker works them out with the review and pages read them (`KeptReview.measure`), so that no
page waits for deals to be read.
"""

from __future__ import annotations

import json
from pathlib import Path

from counterpoise.web.results.helping import HELPERS, measure_helpers
from counterpoise.web.results.journeys import CREDIT, FUNNEL, measure_credit, measure_funnel
from counterpoise.web.results.measured import Measure, Measured, Outcome
from counterpoise.web.results.owed import OWED, measure_owed
from counterpoise.web.results.promoted import measure_promoted
from counterpoise.web.results.scores import FIT, POWER, TOGETHER
from counterpoise.web.results.scoring import measure_fit, measure_power, measure_together
from counterpoise.web.results.shelf import measure_shelf
from counterpoise.web.results.tools import TOOLS, measure_tools
from counterpoise.web.results.trade import PROMOTED, SHELF, TRADE, measure_trade

__all__ = ["MEASURES", "Measure", "Measured", "Outcome", "measure_names", "write_measures"]

MEASURES: tuple[Measure, ...] = (
    Measure(FUNNEL, measure_funnel),
    Measure(CREDIT, measure_credit),
    Measure(HELPERS, measure_helpers),
    Measure(FIT, measure_fit),
    Measure(TOGETHER, measure_together),
    Measure(POWER, measure_power),
    Measure(TOOLS, measure_tools),
    Measure(OWED, measure_owed),
    Measure(TRADE, measure_trade),
    Measure(SHELF, measure_shelf),
    Measure(PROMOTED, measure_promoted),
)
"""Every measure, in the order in which they are worked out."""


def measure_names() -> tuple[str, ...]:
    """Return what is measured, so that a program that measures more makes its own review."""
    return tuple(each.name for each in MEASURES)


def write_measures(measured: Measured, folder: Path) -> None:
    """Work out every measure and write its figures (`NAME.json`) and tables into the folder."""
    for measure in MEASURES:
        outcome = measure.compute(measured)
        for name, table in outcome.tables.items():
            measured.view.books.write(table, folder / f"{name}.parquet")
        text = json.dumps(outcome.figures, ensure_ascii=False, allow_nan=False)
        (folder / f"{measure.name}.json").write_text(text + "\n", encoding="utf-8")
