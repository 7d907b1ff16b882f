"""A crack as a page shows it: picture, figures, and the first rows behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from counterpoise.report.charts import Chart
from counterpoise.report.pictures import MarkRow, figure_of, mark_rows, picture_of
from counterpoise.report.wording import NOTHING, counted, money, share, words
from counterpoise.watch.evidence import STAKE_PART, Evidence, Rows
from counterpoise.watch.kind import OtherView

_RATES = ("rate", "share", "authority")
_HEADS = {STAKE_PART: "a quarter"}


@dataclass(frozen=True)
class Head:
    """The head of a column, and whether it holds words, which stand to the left."""

    name: str
    is_word: bool


@dataclass(frozen=True)
class Sheet:
    """Everything about one crack, in words."""

    judged: str
    """Observed beside expected, with the interval and how many rows it stands on."""
    picture: Chart | None
    marks: Sequence[MarkRow]
    other_view: OtherView
    heads: Sequence[Head]
    rows: Sequence[Sequence[str]]
    rows_said: str


def sheet_of(evidence: Evidence) -> Sheet:
    """Return a crack as a page shows it."""
    rows = evidence.rows
    return Sheet(
        judged=judged(evidence),
        picture=picture_of(evidence),
        marks=mark_rows(evidence),
        other_view=evidence.other_view,
        heads=[_head(rows, at) for at in range(len(rows.columns))],
        rows=[_cells(rows, row) for row in rows.cells],
        rows_said=_rows_said(rows),
    )


def judged(evidence: Evidence) -> str:
    """Say what was observed, what was expected, and how sure that is."""
    crack, write = evidence.crack, figure_of(evidence)
    said = [f"{write(crack.observed)} observed"]
    if crack.expected is not None:
        said.append(f"{write(crack.expected)} expected")
    if crack.low is not None and crack.high is not None and crack.low < crack.high:
        said.append(f"95% interval of this one {write(crack.low)} to {write(crack.high)}")
    said.append(counted(crack.n, "case"))
    return "; ".join(said)


def cell(column: str, value: Any) -> str:
    """Write a value of a row.

    >>> cell("rate", 0.1234), cell("list_amount", Decimal("1200.50")), cell("clause", None)
    ('12.3%', '1,200', '–')
    """
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float | Decimal):
        number = Decimal(repr(value)) if isinstance(value, float) else value
        return share(number) if column.endswith(_RATES) else money(number)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "minutes")
    return str(value)


def _head(rows: Rows, at: int) -> Head:
    name = rows.columns[at]
    is_word = any(isinstance(row[at], str) for row in rows.cells)
    return Head(_HEADS.get(name, words(name.replace("__", " "))), is_word)


def _cells(rows: Rows, row: Sequence[Any]) -> list[str]:
    return [cell(name, value) for name, value in zip(rows.columns, row, strict=True)]


def _rows_said(rows: Rows) -> str:
    shown = len(rows.cells)
    whole = counted(rows.count, "row")
    return whole if shown == rows.count else f"The {shown} that weigh most of {whole}"
