"""Trim text columns in SQL, and only those that need it.

Trimming every cell costs several times what reading it does, so one pass finds the columns that
hold padded cells, and whether rows without any value occur.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb

from counterpoise.books.quoting import literal, quoted
from counterpoise.books.sources.survey import BLANKS

_MOST_DROPPED = 100_000  # beyond them the lines of rows are nearly right
Columns = Mapping[str, bool]  # the columns of a relation, and whether each holds text


@dataclass(frozen=True)
class Padding:
    """What one pass over a relation found."""

    rows: int
    has_rows_of_nulls: bool
    padded: frozenset[str]


@dataclass(frozen=True)
class Trimmed:
    """A query for trimmed rows, how many there are, and which rows it leaves out."""

    query: str
    rows: int
    dropped: tuple[int, ...] = ()


def padding_of(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    columns: Columns,
    blanks: frozenset[str] = frozenset(BLANKS),
) -> Padding:
    """Count rows and find padded columns; `blanks` are those beyond a space that may occur."""
    tests = [
        (column, test)
        for column, is_text in columns.items()
        if is_text
        for test in _padded(quoted(column), blanks)
    ]
    # One aggregate a test: DuckDB takes minutes to plan thousands of disjunctions.
    asked = "".join(f", bool_or({test})" for _, test in tests)
    nulls = f"{_coalesced(columns, frozenset())} IS NULL"
    found = connection.execute(
        f"SELECT count(*), coalesce(bool_or({nulls}), false){asked} FROM {relation}"
    ).fetchone()
    assert found is not None  # an aggregate has one row
    flags = zip(tests, found[2:], strict=True)
    return Padding(found[0], found[1], frozenset(column for (column, _), is_so in flags if is_so))


def trimmed(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    columns: Columns,
    names: tuple[str, ...],
    padding: Padding,
) -> Trimmed:
    """Return the query for `columns` under `names`, trimmed, without rows that hold nothing."""
    listed = ", ".join(
        f"{_value(column, padding.padded)} AS {quoted(name)}"
        for column, name in zip(columns, names, strict=True)
    )
    every = f"SELECT {listed} FROM {relation}"
    if not padding.has_rows_of_nulls and not padding.padded:
        return Trimmed(every, padding.rows)
    condition = f"{_coalesced(columns, padding.padded)} IS NOT NULL"
    found = connection.execute(f"SELECT count(*) FROM {relation} WHERE {condition}").fetchone()
    assert found is not None  # an aggregate has one row
    rows = int(found[0])
    if rows == padding.rows:
        return Trimmed(every, rows)
    numbered = f"SELECT row_number() OVER () - 1 AS row_before, * FROM {relation}"
    blank = connection.execute(
        f"SELECT row_before FROM ({numbered}) WHERE NOT ({condition}) "
        f"ORDER BY row_before LIMIT {_MOST_DROPPED}"
    ).fetchall()
    return Trimmed(f"{every} WHERE {condition}", rows, tuple(row for (row,) in blank))


def _coalesced(columns: Columns, padded: frozenset[str]) -> str:
    """Return what is NULL for rows without any value; columns that need no trimming first."""
    ordered = sorted(columns, key=lambda column: column in padded)
    values = [
        _value(column, padded)
        if columns[column]
        else f"nullif({quoted(column)} IS NULL, true)::VARCHAR"
        for column in ordered
    ]
    return f"coalesce({', '.join(values)})"


def _value(column: str, padded: frozenset[str]) -> str:
    if column not in padded:
        return quoted(column)
    return f"nullif(trim({quoted(column)}, {_characters()}), '')"


def _padded(column: str, blanks: frozenset[str]) -> Iterator[str]:
    """Yield cheap tests; one at least holds for every padded or blank cell, and few others."""
    yield f"{column} < '!'"  # blanks and control characters sort before it, as does ''
    yield f"suffix({column}, ' ')"
    for blank in sorted(blanks - {" "}):
        yield f"suffix({column}, {_character(blank)})"
        if not blank.isascii():
            yield f"prefix({column}, {_character(blank)})"


def _character(blank: str) -> str:
    return literal(" ") if blank == " " else f"chr({ord(blank)})"


def _characters() -> str:
    return "concat(" + ", ".join(map(_character, BLANKS)) + ")"
