"""Tables as pages show them and as files carry them: columns of a kind, and rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pyarrow as pa

from counterpoise.desk.decision import plain


class Cell(StrEnum):
    """What a column holds."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    SHARE = "share"
    DAY = "day"
    INSTANT = "instant"


_TYPES = {
    Cell.TEXT: pa.string(),
    Cell.COUNT: pa.int64(),
    Cell.MONEY: pa.decimal128(38, 4),
    Cell.SHARE: pa.float64(),
    Cell.DAY: pa.date32(),
    Cell.INSTANT: pa.timestamp("us"),
}


@dataclass(frozen=True)
class SheetColumn:
    """A column: its name for programs, and its heading for people."""

    name: str
    heading: str
    cell: Cell


@dataclass(frozen=True)
class Sheet:
    """A table with a name that stands in addresses and names of files."""

    name: str
    title: str
    columns: tuple[SheetColumn, ...]
    rows: Sequence[Mapping[str, Any]]

    def batches(self) -> Iterable[pa.RecordBatch]:
        """Return the rows as batches that files are written from."""
        return as_table(self.columns, self.rows).to_batches() or ()

    @property
    def schema(self) -> pa.Schema:
        """Return the types of the columns."""
        return schema_of(self.columns)


def schema_of(columns: Iterable[SheetColumn]) -> pa.Schema:
    """Return the types of columns, as files carry them."""
    return pa.schema([(column.name, _TYPES[column.cell]) for column in columns])


def as_table(columns: Sequence[SheetColumn], rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return rows as a table of the columns' types."""
    arrays = [
        pa.array([_typed(column.cell, row.get(column.name)) for row in rows], _TYPES[column.cell])
        for column in columns
    ]
    return pa.Table.from_arrays(arrays, schema=schema_of(columns))


def _typed(cell: Cell, value: Any) -> Any:
    if value is None:
        return None
    if cell is Cell.MONEY:
        return Decimal(str(value)).quantize(Decimal("0.0001"))
    return float(value) if cell is Cell.SHARE else value


def plain_rows(
    columns: Sequence[SheetColumn], rows: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return rows as JSON carries them."""
    return [{each.name: plain(row.get(each.name)) for each in columns} for row in rows]
