"""The running of one TABLE.sql: within a time limit, into a table of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterpoise.books.adapters.manifest import AdapterFileError
from counterpoise.books.adapters.spelling import did_you_mean
from counterpoise.books.adapters.staging import NO_ATTRIBUTE, SCHEMA
from counterpoise.books.quoting import quoted
from counterpoise.books.schema import TABLES
from counterpoise.errors import CounterpoiseError

if TYPE_CHECKING:
    import duckdb

    from counterpoise.books.adapters.matching import Fit
    from counterpoise.books.adapters.statement import Statement
    from counterpoise.books.sources import Source, SourceTable

MAPPED = "mapped"
"""The schema of the source's connection that holds the canonical tables."""

TIME_LIMIT = 600.0
"""Seconds that the SQL of one table may run, unless the caller says otherwise."""


class AdapterQueryError(CounterpoiseError):
    """Say why the SQL of one table could not run."""

    def __init__(self, file: str, why: str) -> None:
        super().__init__(f"{file}: {why}")


@dataclass(frozen=True)
class MappedTable:
    """A canonical table of a source: a relation in its connection.

    `columns` are canonical names and, as written, the names of attributes. With `provenance`,
    row n is row n of that source table.
    """

    table: str
    relation: str
    columns: tuple[str, ...]
    provenance: SourceTable | None


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
        made = f"{SCHEMA}.{quoted(self.table + ' made')}"
        with self._limited(cursor, time_limit):
            described = cursor.execute(f"DESCRIBE {self.statement.sql}").fetchall()
            names = self._names([str(row[0]) for row in described])
            listed = ", ".join(quoted(f"c{place}") for place in range(len(names)))
            cursor.execute(f"CREATE TABLE {made} ({listed}) AS {self.statement.sql}")
            provenance = self._provenance(cursor, made, names)
        if self._is_absent(cursor, made):
            return None
        return self._view(cursor, made, names, provenance)

    def _names(self, names: list[str]) -> list[str]:
        canonical = {column.casefold(): column for column in TABLES[self.table].names}
        found = [canonical.get(name.casefold(), name) for name in names]
        folded = [name.casefold() for name in found]
        twice = [name for name in found if folded.count(name.casefold()) > 1]
        if twice:
            raise AdapterFileError(self.file, [f"gives the column {twice[0]!r} twice"])
        required = [column.name for column in TABLES[self.table].columns if column.required]
        gone = [f"{one}{did_you_mean(one, found)}" for one in required if one not in found]
        if gone:
            raise AdapterFileError(
                self.file, [f"gives no column {one} (required; it may be NULL)" for one in gone]
            )
        return found

    def _provenance(
        self, cursor: duckdb.DuckDBPyConnection, made: str, names: list[str]
    ) -> SourceTable | None:
        """Return the source table if its rows stand one by one, in order, in what was made."""
        rows_of = self.statement.rows_of
        if rows_of is None or "source_row" not in names:
            return None
        match = self.fit.tables[rows_of]
        if match.source is None:
            return None
        place = quoted(f"c{names.index('source_row')}")
        row = cursor.execute(
            f"SELECT count(*), coalesce(bool_and({place} = rowid + 1), true) FROM {made}"
        ).fetchone()
        return match.source if row == (match.source.rows, True) else None

    def _is_absent(self, cursor: duckdb.DuckDBPyConnection, made: str) -> bool:
        absent = any(self.fit.tables[one].source is None for one in self.statement.tables)
        return absent and cursor.execute(f"SELECT 1 FROM {made} LIMIT 1").fetchone() is None

    def _view(
        self,
        cursor: duckdb.DuckDBPyConnection,
        made: str,
        names: list[str],
        provenance: SourceTable | None,
    ) -> MappedTable:
        empty = self._empty(cursor, made, names)
        kept = {
            f"c{place}": name
            for place, name in enumerate(names)
            if name.casefold() not in ("source_row", NO_ATTRIBUTE) and name not in empty
        }
        relation = f"{MAPPED}.{quoted(self.table)}"
        items = ", ".join(f"{quoted(made_as)} AS {quoted(name)}" for made_as, name in kept.items())
        cursor.execute(f"CREATE VIEW {relation} AS SELECT {items} FROM {made}")
        return MappedTable(self.table, relation, tuple(kept.values()), provenance)

    def _empty(self, cursor: duckdb.DuckDBPyConnection, made: str, names: list[str]) -> set[str]:
        """Return the columns that hold no value, but those that a table must have."""
        required = {column.name for column in TABLES[self.table].columns if column.required}
        counts = ", ".join(f"count(c{place})" for place in range(len(names)))
        row = cursor.execute(f"SELECT count(*), {counts} FROM {made}").fetchone()
        if not row or not row[0]:
            return set()
        return {
            name
            for name, count in zip(names, row[1:], strict=True)
            if count == 0 and name not in required
        }

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
        except duckdb.BinderException as error:
            hint = "; columns of the source must be named in adapter.toml"
            raise AdapterQueryError(self.file, _said(error) + hint) from error
        except duckdb.Error as error:
            raise AdapterQueryError(self.file, _said(error)) from error
        finally:
            timer.cancel()


def _said(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines()]
    return " ".join(line for line in lines[: lines.index("") if "" in lines else None])
