"""Engines: where a snapshot's tables are read and measures run.

DuckDB, embedded, reads the snapshot's Parquet in place. Any other backend that Ibis knows is named
by its URL; Spark reads the same files, a database is handed the rows.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from counterpoise.errors import CounterpoiseError

EMBEDDED = "duckdb://"
"""The engine of a workspace that names no other."""

_READ_FILES = ("duckdb", "pyspark")

_INTERRUPTED = "Query interrupted"

MEMORY_LIMIT = "4GB"
"""What the embedded engine holds in memory before it spills to its scratch folder."""


# Engines flatten what is nested by themselves; doing it beforehand takes a second a review.
ibis.options.sql.fuse_selects = False


class EngineError(CounterpoiseError):
    """The engine that the workspace names cannot be opened."""

    def __init__(self, url: str, reason: str) -> None:
        """Name the engine without what may be a secret in its address."""
        scheme = url.partition("://")[0]
        super().__init__(
            f"the engine {scheme}:// of counterpoise.toml cannot be opened: {reason}; "
            f"leave `engine` out to use the embedded one, or check its address"
        )


@contextmanager
def stoppable() -> Iterator[None]:
    """Let an interrupt of a query be one.

    Raises:
        KeyboardInterrupt: Where the embedded engine was interrupted, which it calls a failure.
    """
    try:
        yield
    except RuntimeError as error:
        if str(error) == _INTERRUPTED:
            raise KeyboardInterrupt from error
        raise


def connect(url: str, scratch: Path) -> Any:
    """Open a backend; passwords may stand in the address as `${NAME}` of the environment.

    Raises:
        EngineError: If the backend is not installed or refuses.
    """
    if url == EMBEDDED:
        return _embedded(scratch)
    try:
        return ibis.connect(os.path.expandvars(url))
    except Exception as error:
        raise EngineError(url, str(error).splitlines()[0]) from error


def _embedded(scratch: Path) -> Any:
    """Open DuckDB in memory; its progress bar would end up among the results."""
    engine = ibis.duckdb.connect(
        ":memory:",
        memory_limit=MEMORY_LIMIT,
        temp_directory=str(scratch),
        preserve_insertion_order=False,
        autoinstall_known_extensions=False,
    )
    engine.con.execute("SET enable_progress_bar = false")
    return engine


def read_table(engine: Any, file: Path, name: str) -> ir.Table:
    """Return a snapshot's table as one of the engine's, under that name."""
    if engine.name in _READ_FILES:
        table: ir.Table = engine.read_parquet(str(file), table_name=name)
        return table
    import pyarrow.parquet as pq

    rows = pq.read_table(file)
    # A column of the source may be called anything, and a driver takes `%` and `)` for its own.
    numbered = {f"c{at}": column for at, column in enumerate(rows.column_names)}
    loaded: ir.Table = engine.create_table(
        name, rows.rename_columns(list(numbered)), temp=True, overwrite=True
    )
    return loaded.rename({column: number for number, column in numbered.items()})


def keep_table(engine: Any, expression: ir.Table, name: str) -> ir.Table:
    """Compute a table once, under a name where the engine has temporary tables."""
    if engine.name != "pyspark":
        kept: ir.Table = engine.create_table(name, expression, temp=True)
        return kept
    # A view first: Ibis tells Spark of tables held in memory for a view, and not for a cache.
    cached: ir.Table = engine.create_view(f"{name}_rows", expression).cache()
    return cached


def keep_on_disk(engine: Any, expression: ir.Table, file: Path) -> ir.Table:
    """Compute a table once into a Parquet file, which the embedded engine reads in place.

    Columns of few words take a fraction of the memory there, and are grouped by in a fraction of
    the time.
    """
    engine.to_parquet(expression, file, compression="uncompressed")
    kept: ir.Table = engine.read_parquet(file, table_name=file.stem)
    return kept
