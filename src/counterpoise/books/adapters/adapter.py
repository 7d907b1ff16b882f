"""An adapter at work: it fits a source or says why not, and maps it to canonical tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterpoise.books.adapters.canonical import fit_canonical
from counterpoise.books.adapters.folder import AdapterFolder, read_folder
from counterpoise.books.adapters.macros import macro_definitions
from counterpoise.books.adapters.made import MAPPED, MappedTable
from counterpoise.books.adapters.manifest import AdapterFileError, Conventions
from counterpoise.books.adapters.matching import Fit, fit_tables
from counterpoise.books.adapters.running import TIME_LIMIT, Run
from counterpoise.books.adapters.staging import (
    SCHEMA,
    Wanted,
    column_types,
    identity_view,
    staged_view,
)
from counterpoise.books.adapters.statement import Statement, check_statement
from counterpoise.books.quoting import quoted
from counterpoise.books.schema import ESSENTIAL, TABLES
from counterpoise.errors import CounterpoiseError

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from counterpoise.books.sources import Source


class AdapterFitError(CounterpoiseError):
    """Say what a source lacks for the adapter that was asked for."""

    def __init__(self, adapter: str, source: Source, missing: tuple[str, ...]) -> None:
        found = ", ".join(source.tables) or "none"
        super().__init__(
            f"{source.name} does not fit the adapter {adapter}: {'; '.join(missing)} "
            f"(tables found: {found})"
        )


@dataclass(frozen=True)
class Adapter:
    """Maps a source's tables to canonical ones; its SQL has been checked."""

    folder: AdapterFolder
    statements: Mapping[str, Statement]

    @property
    def name(self) -> str:
        """Return the name by which the command knows it."""
        return self.folder.name

    @property
    def title(self) -> str:
        """Return what it reads, in words."""
        return self.folder.manifest.title

    @property
    def conventions(self) -> Conventions:
        """Return how its sources write nulls, days, decimals and times."""
        return self.folder.manifest.conventions

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 of its files."""
        return self.folder.fingerprint

    def fit(self, source: Source) -> Fit:
        """Find the adapter's tables in a source, and what is missing."""
        if not self.folder.manifest.tables:
            return fit_canonical(source)
        fit = fit_tables(self.folder.manifest, source)
        if not self.folder.manifest.takes_canonical:
            return fit
        used = frozenset(one.source.name for one in fit.tables.values() if one.source is not None)
        return Fit(fit.tables, fit.missing, fit_canonical(source, apart_from=used).as_named)

    def apply(self, source: Source, *, time_limit: float = TIME_LIMIT) -> dict[str, MappedTable]:
        """Map the source, lock it, and return its canonical tables in the order of the schema.

        Raises:
            AdapterFitError: A table or column that the adapter needs is not there.
            AdapterFileError: A TABLE.sql gives no column that its table must have.
            AdapterQueryError: A TABLE.sql cannot run, or not within `time_limit` seconds.
        """
        fit = self.fit(source)
        if fit.missing:
            raise AdapterFitError(self.name, source, fit.missing)
        runs = {name: one for name, one in self.statements.items() if _reads_something(one, fit)}
        self._stage(source.connection, fit)
        mapped = _map_as_named(source.connection, fit, self.conventions, set(self.statements))
        cursors = {name: _cursor(source.connection) for name in runs}
        source.lock()
        for name, statement in runs.items():
            answer = Run(self.folder.file(name), name, statement, fit, source)
            table = answer.map(cursors[name], time_limit)
            if table is not None:
                mapped[name] = table
        return {name: mapped[name] for name in TABLES if name in mapped}

    def _given_by(self, name: str) -> frozenset[str]:
        """Return the columns of the canonical tables that one of the adapter's tables feeds."""
        fed = [table for table, one in self.statements.items() if name in one.tables]
        return frozenset(column for table in fed for column in TABLES[table].names)

    def _stage(self, connection: duckdb.DuckDBPyConnection, fit: Fit) -> None:
        for schema in (SCHEMA, MAPPED):
            connection.execute(f"CREATE SCHEMA {schema}")
        for definition in macro_definitions(self.conventions, SCHEMA):
            connection.execute(definition)
        rows_of = {statement.rows_of for statement in self.statements.values()}
        for name, spec in self.folder.manifest.tables.items():
            match = fit.tables[name]
            types = column_types(connection, match.source)
            ignore, given = self.folder.manifest.ignore, self._given_by(name)
            wanted = Wanted(name in rows_of, ignore, given, types)
            view = staged_view(name, spec, match, self.conventions, wanted)
            connection.execute(f"CREATE VIEW {SCHEMA}.{quoted(name)} AS {view}")


def load_adapter(root: Path) -> Adapter:
    """Read an adapter's folder and check all that it would run.

    Raises:
        AdapterFileError: One of its files is wrong, or its SQL reaches outside its source.
    """
    folder = read_folder(root)
    specs = folder.manifest.tables
    if not folder.manifest.takes_canonical and not set(ESSENTIAL) & set(folder.sql):
        raise AdapterFileError(str(root), [f"maps none of {', '.join(ESSENTIAL)}"])
    tables = frozenset(specs)
    columns = frozenset(column for spec in specs.values() for column in spec.columns)
    statements = {
        table: check_statement(sql, folder.file(table), tables, columns)
        for table, sql in folder.sql.items()
    }
    return Adapter(folder, statements)


def _reads_something(statement: Statement, fit: Fit) -> bool:
    return any(fit.tables[name].source is not None for name in statement.tables)


def _map_as_named(
    connection: duckdb.DuckDBPyConnection, fit: Fit, conventions: Conventions, by_sql: set[str]
) -> dict[str, MappedTable]:
    mapped = {}
    for name, match in fit.as_named.items():
        if match.source is None or name in by_sql:
            continue
        types = column_types(connection, match.source)
        view, columns = identity_view(match.source, match, conventions, types)
        relation = f"{MAPPED}.{quoted(name)}"
        connection.execute(f"CREATE VIEW {relation} AS {view}")
        mapped[name] = MappedTable(name, relation, columns, match.source)
    return mapped


def _cursor(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Open a second connection to the same tables: what is unqualified is the adapter's own."""
    cursor = connection.cursor()
    cursor.execute("SET TimeZone = 'UTC'")
    cursor.execute(f"SET search_path = '{SCHEMA}'")
    return cursor
