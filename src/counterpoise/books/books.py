"""Books: one snapshot, open for reading through an engine. Nothing else runs a query."""

from __future__ import annotations

import datetime as dt
import itertools
import shutil
import tempfile
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from counterpoise.books.also import current_also, recorded_since
from counterpoise.books.amending import laid_beside
from counterpoise.books.engines import (
    connect,
    keep_on_disk,
    keep_table,
    read_table,
    stoppable,
)
from counterpoise.books.schema import READABLE, TABLES, Kind, attribute_column
from counterpoise.books.snapshot import Manifest, find_snapshot
from counterpoise.books.spans import BEGINNING
from counterpoise.books.workspace import Workspace

_NAMES = itertools.count()
_ROWS_A_PART = 30_720
_LARGE = {"deals": 500_000, "sell_through": 5_000_000}
"""Rows from which on what is kept would crowd the memory."""


@dataclass
class Books:
    """The canonical tables of one snapshot as Ibis tables, and the one place that runs queries.

    Open them with a `with`, so that the engine and its scratch files go when the work is done.
    """

    workspace: Workspace
    folder: Path
    manifest: Manifest
    also: Path | None = None
    """The folder of further rows, which the room knows."""
    _scratch: Path = field(init=False, repr=False)
    _kept: list[ir.Table] = field(init=False, repr=False, default_factory=list)

    def __post_init__(self) -> None:
        """Take a scratch folder for what does not fit in memory."""
        self._scratch = Path(tempfile.mkdtemp(prefix="counterpoise-"))

    @classmethod
    def open(cls, workspace: Workspace, snapshot: str = "current") -> Books:
        """Open the snapshot in use, or another by its id.

        Raises:
            SnapshotError: If there is none of that name.
        """
        folder = find_snapshot(workspace, snapshot)
        return cls(workspace, folder, Manifest.read(folder), current_also(workspace))

    @cached_property
    def engine(self) -> Any:
        """Return the Ibis backend, opened when first needed."""
        return connect(self.workspace.engine, self._scratch)

    def has(self, name: str) -> bool:
        """Tell whether a table holds any row."""
        found = self.manifest.tables.get(name)
        is_there = found is not None and found.rows > 0
        return is_there or self._further(name) is not None

    @cached_property
    def approvals_from(self) -> dt.date | None:
        """Return the day from which on approvals are on record; None where none are.

        It is what the workspace says. Else a source that records approvals did so from the
        beginning; one that does not leaves open what was approved before the first answer given
        in the room.
        """
        if not self.has("approvals"):
            return None
        if self.workspace.approvals_from:
            return self.workspace.approvals_from
        found = self.manifest.tables.get("approvals")
        if found and found.rows:
            return BEGINNING
        return recorded_since(self.also, "approvals") if self.also else None

    def _further(self, name: str) -> Path | None:
        """Return the file of what the room knows beside a table of the snapshot."""
        file = self.also / f"{name}.parquet" if self.also else None
        return file if file and file.exists() else None

    def attributes(self, name: str) -> Mapping[str, Kind]:
        """Return the attributes of a table, by the name that the source gave them."""
        found = self.manifest.tables.get(name)
        return found.attributes if found else {}

    @property
    def all_attributes(self) -> Mapping[str, Mapping[str, Kind]]:
        """Return the attributes of every table, as `Fields` takes them."""
        return {name: self.attributes(name) for name in TABLES}

    def table(self, name: str) -> ir.Table:
        """Return a canonical table with all its columns; an absent one is empty."""
        if name not in self._tables:
            table = self._read(name)
            further = self._further(name) if self.has(name) else None
            self._tables[name] = self._with(table, further, name) if further else table
        return self._tables[name]

    def _with(self, table: ir.Table, further: Path, name: str) -> ir.Table:
        """Lay what the room knows beside a table of the snapshot."""
        rows = read_table(self.engine, further, f"also_{name}")
        kinds = table.schema()
        columns = {
            column: (rows[column] if column in rows.columns else ibis.null()).cast(kinds[column])
            for column in table.columns
        }
        return laid_beside(table, rows.select(**columns), name)

    @cached_property
    def _tables(self) -> dict[str, ir.Table]:
        return {}

    def _read(self, name: str) -> ir.Table:
        file = self.folder / f"{name}.parquet"
        if file.exists():
            return read_table(self.engine, file, f"books_{name}")
        dtypes = {column.name: column.kind.dtype for column in READABLE[name].columns}
        dtypes |= {
            attribute_column(each): kind.dtype for each, kind in self.attributes(name).items()
        }
        empty = ibis.schema(dtypes)
        return self._empty(empty.to_pyarrow().empty_table(), empty, name)

    def _empty(self, rows: pa.Table, schema: ibis.Schema, name: str) -> ir.Table:
        """Return an absent table, with the types that the embedded engine gives a present one.

        It reads times from files with their precision, and unites tables of the same types only.
        """
        if self.engine.name != "duckdb":
            return ibis.memtable(rows, schema=schema)
        import pyarrow.parquet as pq

        file = self._scratch / f"empty_{name}.parquet"
        pq.write_table(rows, file)
        return read_table(self.engine, file, f"books_{name}")

    @property
    def is_large(self) -> bool:
        """Tell whether what is kept would crowd the memory."""
        tables = self.manifest.tables
        return any(name in tables and tables[name].rows >= rows for name, rows in _LARGE.items())

    def latest(self, name: str, column: str) -> Any:
        """Return the greatest value of a canonical table's column; None where there is none."""
        if (name, column) not in self._latest:
            rows = self.table(name)
            found = self.run(rows.aggregate(latest=rows[column].max())).to_pylist()
            self._latest[name, column] = found[0]["latest"]
        return self._latest[name, column]

    @cached_property
    def _latest(self) -> dict[tuple[str, str], Any]:
        return {}

    def run(self, expression: ir.Expr) -> pa.Table:
        """Run an expression and return its rows."""
        with stoppable():
            rows: pa.Table = self.engine.to_pyarrow(expression)
        return rows

    def write(self, expression: ir.Table, file: Path) -> None:
        """Write the rows of an expression into a Parquet file of small parts.

        Who then asks for a few rows reads a few parts.
        """
        made = self._written.get(expression.op())
        if isinstance(made, Path):
            shutil.copyfile(made, file)
            return
        ordered = expression.order_by(*made) if made else expression
        if self.engine.name == "duckdb":
            self.engine.to_parquet(ordered, file, row_group_size=_ROWS_A_PART)
            return
        import pyarrow.parquet as pq

        pq.write_table(self.run(ordered), file, row_group_size=_ROWS_A_PART)

    def laid(self, rows: pa.Table, name: str) -> ir.Table:
        """Return rows that are at hand as a table.

        Other engines read them from a file: handed over in memory, nothing would become a number.
        """
        if self.engine.name == "duckdb":
            return ibis.memtable(rows)
        import pyarrow.parquet as pq

        unique = f"{name}_{next(_NAMES)}"
        file = self._scratch / f"{unique}.parquet"
        pq.write_table(rows, file)
        return read_table(self.engine, file, unique)

    def keep(self, expression: ir.Table, name: str) -> ir.Table:
        """Compute a table once and return it, for the measures that read it again."""
        unique = f"{name}_{next(_NAMES)}"
        with stoppable():
            if self.is_large and self.engine.name == "duckdb":
                return keep_on_disk(self.engine, expression, self._scratch / f"{unique}.parquet")
            kept = keep_table(self.engine, expression, unique)
        self._kept.append(kept)  # some engines drop a table to which nobody refers
        return kept

    def keep_to_write(
        self, expression: ir.Table, name: str, order: tuple[str, ...] = ()
    ) -> ir.Table:
        """Compute a table once, for measures that read it before it is written in an order.

        Large books write it at once, and `write` hands the file on.
        """
        if not (self.is_large and self.engine.name == "duckdb"):
            kept = self.keep(expression, name)
            self._written[kept.op()] = order
            return kept
        file = self._scratch / f"{name}_{next(_NAMES)}.parquet"
        with stoppable():
            self.write(expression.order_by(*order) if order else expression, file)
            kept = read_table(self.engine, file, file.stem)
        self._written[kept.op()] = file
        return kept

    @cached_property
    def _written(self) -> dict[Hashable, Path | tuple[str, ...]]:
        return {}

    def once(self, key: Hashable, make: Callable[[], ir.Table]) -> ir.Table:
        """Return a table that several measures start from, made when first asked for.

        Large books make it anew each time, of the columns that are asked for.
        """
        if self.is_large:
            return make()
        if key not in self._shared:
            self._shared[key] = self.keep(make(), "shared")
        return self._shared[key]

    @cached_property
    def _shared(self) -> dict[Hashable, ir.Table]:
        return {}

    def read_often(self, expression: ir.Table, name: str) -> ir.Table:
        """Return a table for many measures to read, made of little more than what is kept already.

        Where it is large it is worked out each time, of the columns that are asked for.
        """
        if self.is_large and self.engine.name == "duckdb":
            view: ir.Table = self.engine.create_view(f"{name}_{next(_NAMES)}", expression)
            return view
        return self.keep(expression, name)

    def close(self) -> None:
        """Close the engine and remove its scratch files."""
        if "engine" in self.__dict__:
            self._kept.clear()
            self._shared.clear()
            self.engine.disconnect()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def __enter__(self) -> Books:
        """Return the books themselves."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the engine."""
        self.close()
