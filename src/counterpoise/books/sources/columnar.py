"""Read a Parquet file, in place."""

import hashlib
import re
from pathlib import Path

import duckdb

from counterpoise.books.quoting import literal, quoted
from counterpoise.books.sources.bench import Bench
from counterpoise.books.sources.dialect import EmptyFileError
from counterpoise.books.sources.headers import column_names
from counterpoise.books.sources.lines import Lines
from counterpoise.books.sources.refusal import SourceError
from counterpoise.books.sources.scan import as_pattern
from counterpoise.books.sources.survey import BLANKS, digest
from counterpoise.books.sources.table import Reading
from counterpoise.books.sources.trimming import padding_of, trimmed

# Types whose values are kept as they are; all others (nested, binary, ...) become text.
_KEPT = (
    "BOOLEAN TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT FLOAT "
    "DOUBLE DECIMAL DATE TIME TIMESTAMP VARCHAR"
).split()


class DamagedParquetError(SourceError):
    """Raised when a Parquet file cannot be read."""

    def __init__(self, path: Path, failure: duckdb.Error) -> None:
        first_line = str(failure).splitlines()[0]
        self.reason = (first_line.partition(": ")[2] or first_line).replace(str(path), path.name)
        super().__init__(
            f"{path}: the Parquet file is damaged or cut short ({self.reason}); write it again"
        )


def read_parquet(path: Path, name: str, bench: Bench) -> Reading:
    """Read a Parquet file.

    Raises:
        SourceError: It is empty or damaged, or its columns are too many.
    """
    if path.stat().st_size == 0:
        raise EmptyFileError(path)
    content = digest(path, bench.progress)
    return parquet_reading(path, name, path.name, content, bench)


def parquet_reading(
    path: Path, name: str, location: str, content: str | None, bench: Bench
) -> Reading:
    """Return how to read the Parquet file at `path` as the table `name`.

    Without `content`, it is worked out from the values, whatever the order of the rows.
    """
    scan = f"read_parquet({literal(as_pattern(path))}, hive_partitioning = false)"
    try:
        types = _types(bench.connection, scan)
        columns = column_names(list(types), location)
        relation = f"(SELECT {_listed(types)} FROM {scan})"
        texts = {column: _is_text(kind) for column, kind in types.items()}
        padding = padding_of(bench.connection, relation, texts, frozenset(BLANKS))
        _decode_all(bench.connection, relation)
        content = content or _digest_of_values(bench.connection, relation)
    except (duckdb.OutOfMemoryException, duckdb.InterruptException):
        raise
    except duckdb.Error as failure:
        raise DamagedParquetError(path, failure) from failure
    found = trimmed(bench.connection, relation, texts, columns, padding)
    return Reading(
        name=name,
        columns=columns,
        query=found.query,
        typed=True,
        location=location,
        line_offset=1,
        lines=Lines().without(found.dropped),
        rows=found.rows,
        content=content,
        files=(path,),
    )


def _types(connection: duckdb.DuckDBPyConnection, scan: str) -> dict[str, str]:
    rows = connection.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()
    return {row[0]: row[1] for row in rows}


def _listed(types: dict[str, str]) -> str:
    return ", ".join(
        quoted(column)
        if _is_kept(kind)
        else f"CAST({quoted(column)} AS VARCHAR) AS {quoted(column)}"
        for column, kind in types.items()
    )


def _is_kept(kind: str) -> bool:
    """Tell whether values of a type are kept as they are.

    >>> _is_kept("DECIMAL(18,4)"), _is_kept("TIMESTAMP WITH TIME ZONE"), _is_kept("INTEGER[]")
    (True, True, False)
    """
    return "[" not in kind and re.split("[(_ ]", kind, maxsplit=1)[0] in _KEPT


def _is_text(kind: str) -> bool:
    return kind == "VARCHAR" or not _is_kept(kind)


def _decode_all(connection: duckdb.DuckDBPyConnection, relation: str) -> None:
    """Read every value once, so that damage shows now and not in the midst of an import."""
    connection.execute(f"SELECT bit_xor(hash(COLUMNS(*))) FROM {relation}")


def _digest_of_values(connection: duckdb.DuckDBPyConnection, relation: str) -> str:
    """Return a SHA-256 that is the same for the same rows in any order."""
    found = connection.execute(
        "SELECT count(*), sum(md5_number_lower(CAST(one AS VARCHAR))::HUGEINT), "
        f"any_value(typeof(one)) FROM {relation} AS one"
    ).fetchone()
    return hashlib.sha256(repr(found).encode()).hexdigest()
