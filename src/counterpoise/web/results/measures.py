"""Measures that a review leaves behind beside its figures: the next one is a line in `MEASURES`.

The worker works them out with the review and pages read them (`KeptReview.measure`), so that no
page waits for deals to be read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import ibis.expr.types as ir
from pydantic import JsonValue

from counterpoise.agreement import Agreements
from counterpoise.agreement.document import Agreement
from counterpoise.books.facts import View
from counterpoise.ledger import standing


@dataclass(frozen=True)
class Measured:
    """What a measure may read: the books as of a day, the agreements, and the judged deals."""

    view: View
    agreements: Agreements
    deals: ir.Table
    """Grain: a deal, with the columns of `deal_table`."""

    @property
    def agreement(self) -> Agreement | None:
        """Return the agreement that the review cites, None where nothing is agreed."""
        version = standing(self.agreements, self.view.as_of)
        return version.agreement if version else None


@dataclass(frozen=True)
class Outcome:
    """What a measure leaves behind: its figures, and tables of the rows behind them by name."""

    figures: JsonValue
    tables: Mapping[str, ir.Table] = field(default_factory=dict)
    """Kept as Parquet, read by `KeptReview.tables`; with `owner_id` and `campaign_id` of each row
    where rows open to people."""


@dataclass(frozen=True)
class Measure:
    """A measure by its name, which is that of its file too."""

    name: str
    compute: Callable[[Measured], Outcome]


MEASURES: tuple[Measure, ...] = ()
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
