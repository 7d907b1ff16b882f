"""Read a database: its tables are copied once, then nothing of the database stays open."""

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import duckdb

from counterpoise.books.quoting import literal
from counterpoise.books.sources.address import Address
from counterpoise.books.sources.bench import Bench
from counterpoise.books.sources.columnar import DamagedParquetError, parquet_reading
from counterpoise.books.sources.postgres import Postgres
from counterpoise.books.sources.refusal import SourceError, is_out_of_space
from counterpoise.books.sources.sqlite import Sqlite
from counterpoise.books.sources.table import Reading
from counterpoise.books.spelling import unknown

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


class RefusingDatabaseError(SourceError):
    """Raised when a database cannot be reached, or does not let its tables be read."""

    def __init__(self, address: Address, reason: str) -> None:
        super().__init__(
            f"{address.shown}: the database cannot be read ({reason}); check that it is there "
            "and that this user may read its tables"
        )


class NoDatabaseTablesError(SourceError):
    """Raised when a database has no table to read."""

    def __init__(self, address: Address, schema: str) -> None:
        super().__init__(
            f"{address.shown}: the schema {schema!r} has no table that this user may read; "
            "name another with ?schema=NAME, or ask for the right to read"
        )


class UnknownTableError(SourceError):
    """Raised when a URL names a table that the database does not have."""

    def __init__(self, address: Address, name: str, present: list[str]) -> None:
        super().__init__(f"{address.shown}: {unknown('table', name, present)}")


class MissingExtensionError(SourceError):
    """Raised when the part that reads a kind of database is not installed."""

    def __init__(self, extension: str) -> None:
        package = f"duckdb-extension-{extension.replace('_', '-')}=={duckdb.__version__}"
        super().__init__(
            f"reading this kind of database needs {package}, which is not here; install it"
        )


class Database(Protocol):
    """One kind of database."""

    @property
    def extension(self) -> str:
        """Return the name of the DuckDB extension that reads it."""

    @property
    def schema(self) -> str:
        """Return the schema whose tables are read."""

    def attach(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Open it for reading."""

    def table_names(self, connection: duckdb.DuckDBPyConnection) -> list[str]:
        """Return the names of its tables."""

    def query(self, connection: duckdb.DuckDBPyConnection, table: str) -> str:
        """Return the query for a table's rows."""


def read_database(address: Address, bench: Bench) -> list[Reading]:
    """Copy the tables of a database into the scratch folder.

    Raises:
        SourceError: The database refuses, is not there, or has no such tables.
    """
    database: Database = Sqlite(address) if address.kind == "sqlite" else Postgres(address)
    with _clear_messages(address), duckdb.connect(":memory:", config=_SETTINGS) as reader:
        reader.execute("SET enable_progress_bar = false")  # it would write to standard output
        reader.load_extension(str(extension_file(database.extension)))
        database.attach(reader)
        reader.execute("BEGIN")  # all tables as of one moment
        names = _names(database, address, reader)
        bench.progress.start(f"Reading {address.shown}", total=len(names))
        copies = {name: _copied(database, name, reader, bench) for name in names}
        bench.progress.done()
    return [_reading(path, name, address, bench) for name, path in copies.items()]


def _reading(path: Path, table: str, address: Address, bench: Bench) -> Reading:
    try:
        return parquet_reading(path, table.strip(), f"{address.shown}, table {table}", None, bench)
    except DamagedParquetError as failure:  # what the database holds, not what was copied
        raise RefusingDatabaseError(address, f"table {table!r}: {failure.reason}") from failure


def _names(database: Database, address: Address, reader: duckdb.DuckDBPyConnection) -> list[str]:
    present = database.table_names(reader)
    if not present:
        raise NoDatabaseTablesError(address, database.schema)
    for name in address.tables:
        if name not in present:
            raise UnknownTableError(address, name, present)
    return list(address.tables) or present


def _copied(
    database: Database, table: str, reader: duckdb.DuckDBPyConnection, bench: Bench
) -> Path:
    target = bench.scratch.new(".parquet")
    with bench.scratch.room():
        reader.execute(
            f"COPY ({database.query(reader, table)}) TO {literal(str(target))} (FORMAT parquet)"
        )
    bench.progress.advance()
    return target


def extension_file(name: str) -> Path:
    """Return the extension's file in its package; nothing is ever downloaded."""
    package = importlib.util.find_spec(f"duckdb_extension_{name}")
    if package is None or package.origin is None:
        raise MissingExtensionError(name)
    folder = Path(package.origin).parent / "extensions" / f"v{duckdb.__version__}"
    path = folder / f"{name}.duckdb_extension"
    if not path.is_file():
        raise MissingExtensionError(name)
    return path


@contextmanager
def _clear_messages(address: Address) -> Iterator[None]:
    """Turn what DuckDB says about a database into one message without any secret."""
    try:
        yield
    except duckdb.Error as failure:
        if is_out_of_space(failure):
            raise
        reason = str(failure).strip().splitlines()[0].removesuffix(":")
        password = address.password() if address.password_variable else None
        if password:
            reason = reason.replace(password, "***")
        raise RefusingDatabaseError(address, reason) from None
