"""The running of one TABLE.sql: within a time limit, into a table of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterpoise.books.adapters.failure import cause_of
from counterpoise.books.adapters.made import Made
from counterpoise.books.adapters.manifest import AdapterFileError
from counterpoise.books.adapters.spelling import did_you_mean
from counterpoise.books.schema import TABLES
from counterpoise.errors import CounterpoiseError

if TYPE_CHECKING:
    import duckdb

    from counterpoise.books.adapters.made import MappedTable
    from counterpoise.books.adapters.matching import Fit
    from counterpoise.books.adapters.statement import Statement
    from counterpoise.books.sources import Source, SourceTable

TIME_LIMIT = 600.0
"""Seconds that the SQL of one table may run, unless the caller says otherwise."""


class AdapterQueryError(CounterpoiseError):
    """Say why the SQL of one table could not run."""

    def __init__(self, file: str, why: str) -> None:
        super().__init__(f"{file}: {why}")


@dataclass(frozen=True)
class Run:
    """The running of one TABLE.sql over the staged tables."""

    file: str
    table: str
    statement: Statement
    fit: Fit
    source: Source

    def map(self, cursor: duckdb.DuckDBPyConnection, time_limit: float) -> MappedTable | None:
        """Make the table, or return `None` where an absent source table leaves it empty."""
        with self._limited(cursor, time_limit):
            described = cursor.execute(f"DESCRIBE {self.statement.sql}").fetchall()
            names = self._names([str(row[0]) for row in described])
            made = Made.by(cursor, self.table, names, self.statement.sql)
        absent = any(self.fit.tables[one].source is None for one in self.statement.tables)
        if absent and made.is_empty():
            return None
        return made.mapped(self._origin(made))

    def _names(self, found: list[str]) -> tuple[str, ...]:
        canonical = {column.casefold(): column for column in TABLES[self.table].names}
        names = tuple(canonical.get(name.casefold(), name) for name in found)
        folded = [name.casefold() for name in names]
        troubles = [
            f"gives the column {name!r} twice"
            for place, name in enumerate(names)
            if name.casefold() in folded[:place]
        ]
        troubles += [
            f"gives no column {column.name} (required; it may be NULL)"
            f"{did_you_mean(column.name, names)}"
            for column in TABLES[self.table].columns
            if column.required and column.name not in names
        ]
        if troubles:
            raise AdapterFileError(self.file, troubles)
        return names

    def _origin(self, made: Made) -> SourceTable | None:
        """Return the source table whose rows stand one by one, in order, in what was made."""
        if self.statement.rows_of is None:
            return None
        origin = self.fit.tables[self.statement.rows_of].source
        return origin if origin is not None and made.has_rows_of(origin) else None

    @property
    def _columns(self) -> tuple[str, ...]:
        """Return the columns of the tables that the SQL reads."""
        return tuple(
            column for table in self.statement.tables for column in self.fit.tables[table].columns
        )

    @contextmanager
    def _limited(self, cursor: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
        import duckdb

        timer = threading.Timer(seconds, cursor.interrupt)
        timer.start()
        try:
            with self.source.reading():
                yield
        except duckdb.InterruptException as error:
            why = f"still running after {seconds:g} seconds; is a join without its key?"
            raise AdapterQueryError(self.file, why) from error
        except duckdb.OutOfMemoryException as error:
            why = "needs more memory than an import may take; is a join without its key?"
            raise AdapterQueryError(self.file, why) from error
        except duckdb.Error as error:
            raise AdapterQueryError(self.file, cause_of(error, self._columns)) from error
        finally:
            timer.cancel()
