"""Read the tables of a SQLite file.

SQLite keeps a type with each value and not with the column. A column becomes whole numbers or
numbers where all its values are, and text else.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from counterpoise.books.quoting import literal, quoted
from counterpoise.books.sources.address import Address
from counterpoise.books.sources.folder import MissingSourceError
from counterpoise.books.sources.refusal import SourceError, UnreadableFileError

_ATTACHED = "database_read"


class MissingSlashError(SourceError):
    """Raised when a path was meant to start at the root and starts in the present folder."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"sqlite:///{path}: no such file in the present folder, and there is one at /{path}; "
            f"a path that starts at the root takes four slashes: sqlite:////{path}"
        )


@dataclass(frozen=True)
class Sqlite:
    """A SQLite file."""

    address: Address
    extension = "sqlite_scanner"
    schema = "main"

    def attach(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Open the file for reading.

        Raises:
            SourceError: It is missing, or may not be read.
        """
        path = Path(self.address.database)
        try:
            if not path.is_file() and not path.is_absolute() and Path("/", path).is_file():
                raise MissingSlashError(path)
            if not path.is_file():
                raise MissingSourceError(path)
            path.open("rb").close()
        except OSError as failure:
            raise UnreadableFileError(path, failure) from failure
        connection.execute(
            f"ATTACH {literal(str(path.absolute()))} AS {_ATTACHED} (TYPE sqlite, READ_ONLY)"
        )

    def table_names(self, connection: duckdb.DuckDBPyConnection) -> list[str]:
        """Return the names of the tables that people made."""
        names = (
            "SELECT name FROM sqlite_master WHERE type = 'table' "
            "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
        )
        return [row[0] for row in connection.execute(f"FROM {_asked(names)}").fetchall()]

    def query(self, connection: duckdb.DuckDBPyConnection, table: str) -> str:
        """Return the query for a table's rows in DuckDB's types."""
        info = f"SELECT name FROM pragma_table_info({literal(table)})"
        columns = [row[0] for row in connection.execute(f"FROM {_asked(info)}").fetchall()]
        evidence = ", ".join(map(_evidence, columns))
        counted = f"SELECT {evidence} FROM {quoted(table)}"
        found = connection.execute(f"FROM {_asked(counted)}").fetchone() or ()
        types = [_type(str(word)) for word in found]
        texts = ", ".join(f"{_as_text(column)} AS {quoted(column)}" for column in columns)
        rows = _asked(f"SELECT {texts} FROM {quoted(table)}")
        listed = ", ".join(
            f"CAST({quoted(column)} AS {kind}) AS {quoted(column)}"
            for column, kind in zip(columns, types, strict=True)
        )
        return f"SELECT {listed} FROM {rows}"


def _asked(query: str) -> str:
    """Return a query that SQLite answers, as a relation; every value arrives as text."""
    return f"sqlite_query({literal(_ATTACHED)}, {literal(query)})"


def _evidence(column: str) -> str:
    """Return an aggregate that says of what kind all values of a column are."""
    c = quoted(column)
    whole = f"typeof({c}) = 'integer' OR (typeof({c}) = 'real' AND {c} = CAST({c} AS INTEGER))"
    number = f"typeof({c}) IN ('integer', 'real')"
    return (
        f"CASE WHEN count({c}) = 0 THEN 'text' "
        f"WHEN min({c} IS NULL OR {whole}) THEN 'whole' "
        f"WHEN min({c} IS NULL OR {number}) THEN 'number' ELSE 'text' END AS {c}"
    )


def _type(evidence: str) -> str:
    return {"whole": "BIGINT", "number": "DOUBLE"}.get(evidence, "VARCHAR")


def _as_text(column: str) -> str:
    """Return a value as text; numbers without a needless fraction, bytes in hexadecimal."""
    c = quoted(column)
    return (
        f"CASE typeof({c}) WHEN 'blob' THEN hex({c}) "
        f"WHEN 'real' THEN CASE WHEN {c} = CAST({c} AS INTEGER) "
        f"THEN CAST(CAST({c} AS INTEGER) AS TEXT) ELSE CAST({c} AS TEXT) END "
        f"ELSE CAST({c} AS TEXT) END"
    )
