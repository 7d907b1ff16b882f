"""Tables that a review left behind, read in place by an engine of their own.

They are Parquet; of one that is packed for the engine too, it reads that.
"""

from __future__ import annotations

import tempfile
import threading
from functools import cached_property
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from counterpoise.books.packed import packed_file

_MEMORY_LIMIT = "1GB"
_THREADS = 2


class KeptTables:
    """The tables of one folder. Safe to share between threads, which then take turns."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._turn = threading.Lock()
        self._tables: dict[str, ir.Table] = {}
        self._columns: dict[str, tuple[str, ...]] = {}

    def has(self, name: str) -> bool:
        """Tell whether a table is there."""
        return (self.folder / f"{name}.parquet").exists()

    def table(self, name: str) -> ir.Table:
        """Return a table of the folder by the name of its file."""
        with self._turn:
            if name not in self._tables:
                self._tables[name] = self._opened(name)
            return self._tables[name]

    def columns(self, name: str) -> tuple[str, ...]:
        """Return the columns of a table without opening the engine."""
        if name not in self._columns:
            names = pq.read_schema(self.folder / f"{name}.parquet").names
            self._columns[name] = tuple(names)
        return self._columns[name]

    def run(self, expression: ir.Expr) -> pa.Table:
        """Run an expression over these tables and return its rows."""
        with self._turn:
            rows: pa.Table = self._engine.to_pyarrow(expression)
            return rows

    def write(self, expression: ir.Table, file: Path) -> None:
        """Write the rows of an expression over these tables into a Parquet file."""
        with self._turn:
            self._engine.to_parquet(expression, file)

    def close(self) -> None:
        """Close the engine."""
        with self._turn:
            if "_engine" in self.__dict__:
                self._engine.disconnect()
                del self.__dict__["_engine"]
            self._tables.clear()

    def _opened(self, name: str) -> ir.Table:
        kept, packed = f"kept_{name}", packed_file(self.folder, name)
        found: ir.Table
        if packed.exists():
            self._engine.attach(str(packed), name=kept, read_only=True)
            found = self._engine.table(name, database=(kept, "main"))
        else:
            file = str(self.folder / f"{name}.parquet")
            found = self._engine.read_parquet(file, table_name=kept)
        return found

    @cached_property
    def _engine(self) -> Any:
        engine = ibis.duckdb.connect(
            ":memory:",
            memory_limit=_MEMORY_LIMIT,
            threads=_THREADS,
            temp_directory=str(Path(tempfile.gettempdir(), "counterpoise-kept")),
            preserve_insertion_order=False,
            autoinstall_known_extensions=False,
        )
        engine.con.execute("SET enable_progress_bar = false")
        engine.con.execute("SET parquet_metadata_cache = true")
        return engine
