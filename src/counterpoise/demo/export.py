"""The export: one CSV or Parquet file a canonical table, written in pieces."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from counterpoise.books.schema import TABLES, Kind

Columns = Mapping[str, pa.Array]


class Form(StrEnum):
    """How the tables are written."""

    CSV = "csv"
    PARQUET = "parquet"


_ARROW = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.decimal128(18, 4),
    Kind.MONEY: pa.decimal128(18, 4),
    Kind.RATE: pa.decimal128(18, 6),
    Kind.BOOLEAN: pa.bool_(),
    Kind.DAY: pa.date32(),
    Kind.INSTANT: pa.timestamp("us"),
}
# Arrow casts a whole number to a decimal only where every whole number would fit.
_WHOLE = pa.decimal128(23, 4)


class Export:
    """Write rows of canonical tables to a folder; a table's file opens with its first rows."""

    def __init__(self, folder: Path, form: Form) -> None:
        """Make the folder if it is not there."""
        folder.mkdir(parents=True, exist_ok=True)
        self.rows: dict[str, int] = {}
        self._folder = folder
        self._form = form
        self._open_files = ExitStack()
        self._writers: dict[str, tuple[pa.Schema, pcsv.CSVWriter | pq.ParquetWriter]] = {}

    def __enter__(self) -> Export:
        """Start writing."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close every file."""
        self._open_files.close()

    def add(self, table: str, columns: Columns) -> None:
        """Append rows to a table; canonical columns that are not given are null.

        Raises:
            KeyError: If the table or a column is not canonical.
        """
        rows = self._arrange(table, columns)
        if table not in self._writers:
            self._writers[table] = (rows.schema, self._open(table, rows.schema))
            self.rows[table] = 0
        schema, writer = self._writers[table]
        writer.write_table(rows.cast(schema))
        self.rows[table] += rows.num_rows

    def _arrange(self, table: str, columns: Columns) -> pa.Table:
        canonical = TABLES[table]
        strangers = set(columns) - set(canonical.names)
        if strangers:
            raise KeyError(f"{table} has no column {', '.join(sorted(strangers))}")
        size = len(next(iter(columns.values())))
        arranged = {}
        for column in canonical.columns:
            found = columns.get(column.name)
            values = pa.nulls(size, _ARROW[column.kind]) if found is None else found
            arranged[column.name] = self._shape(values, column.kind)
        return pa.table(arranged)

    def _shape(self, values: pa.Array, kind: Kind) -> pa.Array:
        if self._form is Form.PARQUET:
            wide = pa.types.is_integer(values.type) and pa.types.is_decimal(_ARROW[kind])
            return (values.cast(_WHOLE) if wide else values).cast(_ARROW[kind])
        if kind is Kind.INSTANT and pa.types.is_timestamp(values.type):
            text = values.cast(pa.timestamp("s")).cast(pa.string())
            return pc.binary_replace_slice(text, 10, 11, "T")
        return values

    def _open(self, table: str, schema: pa.Schema) -> pcsv.CSVWriter | pq.ParquetWriter:
        path = self._folder / f"{table}.{self._form}"
        if self._form is Form.PARQUET:
            return self._open_files.enter_context(pq.ParquetWriter(path, schema))
        file = self._open_files.enter_context(path.open("wb"))
        file.write((",".join(schema.names) + "\n").encode())
        options = pcsv.WriteOptions(include_header=False, quoting_style="none")
        writer = pcsv.CSVWriter(file, schema, write_options=options)
        return self._open_files.enter_context(writer)
