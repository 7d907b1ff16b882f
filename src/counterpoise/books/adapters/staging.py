"""An adapter's source tables, as its SQL writes them: views over the source, in text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from counterpoise.books.adapters.spelling import plain, plain_pattern
from counterpoise.books.quoting import is_one_of, quoted

if TYPE_CHECKING:
    import duckdb

    from counterpoise.books.adapters.manifest import Conventions, TableSpec
    from counterpoise.books.adapters.matching import TableMatch
    from counterpoise.books.sources import SourceTable

SCHEMA = "adapted"
"""Where the adapter's SQL finds its tables and functions, and nothing else."""

NO_ATTRIBUTE = "no attribute"
"""The only field of `attributes` where a table has no column besides those that are named."""


@dataclass(frozen=True)
class Wanted:
    """What the adapter asks of a staged table besides its columns."""

    rows: bool
    """Whether `source_row` counts the rows."""
    ignore: tuple[str, ...]
    """Patterns of headers that become no attribute."""
    given: frozenset[str]
    """Canonical columns that the table feeds; an attribute may not have such a name."""
    types: Mapping[str, str]
    """The types of the source's columns, where they are not all text."""


def staged_view(
    name: str, spec: TableSpec, match: TableMatch, conventions: Conventions, wanted: Wanted
) -> str:
    """Return the SQL of the view that an adapter's SQL reads as the table `name`.

    Every named column is text; columns that the source lacks are NULL. `attributes` is a struct
    of the columns that the adapter does not name.
    """
    items = [
        f"{_text(header, match.source, conventions)} AS {quoted(column)}"
        for column, header in match.columns.items()
    ]
    fields = ", ".join(_attributes(name, match, conventions, wanted))
    items.append(f"struct_pack({fields}) AS attributes")
    if wanted.rows:
        items.append("row_number() OVER () AS source_row")
    selected = ",\n  ".join(items)
    if match.source is None:
        return f"SELECT {selected} WHERE false"
    query = f"SELECT {selected}\nFROM {match.source.relation}"
    if spec.current is None or match.columns[spec.current] is None:
        return query
    current = f"{SCHEMA}.as_flag({quoted(spec.current)})"
    return f"SELECT * FROM ({query}) WHERE {current} IS DISTINCT FROM false"


def identity_view(
    table: SourceTable, match: TableMatch, conventions: Conventions, types: Mapping[str, str]
) -> tuple[str, tuple[str, ...]]:
    """Return the SQL and the columns of a table that is taken as it is."""
    headers = {header: column for column, header in match.columns.items() if header is not None}
    names = {column.casefold() for column in headers.values()}
    items, columns = [], []
    for header in table.columns:
        column = headers.get(header, header)
        if header not in headers and header.casefold() in names:
            column = f"{table.name}.{header}"
        items.append(f"{_as_is(header, types, conventions)} AS {quoted(column)}")
        columns.append(column)
    return f"SELECT {', '.join(items)} FROM {table.relation}", tuple(columns)


def column_types(
    connection: duckdb.DuckDBPyConnection, table: SourceTable | None
) -> dict[str, str]:
    """Return the type of each column of a source table, or nothing where all are text."""
    if table is None or not table.typed:
        return {}
    described = connection.execute(f"DESCRIBE SELECT * FROM {table.relation}").fetchall()
    return {str(row[0]): str(row[1]) for row in described}


def _text(header: str | None, table: SourceTable | None, conventions: Conventions) -> str:
    if header is None or table is None:
        return "CAST(NULL AS VARCHAR)"
    column = f"CAST({quoted(header)} AS VARCHAR)" if table.typed else quoted(header)
    return _nulled(column, conventions)


def _as_is(header: str, types: Mapping[str, str], conventions: Conventions) -> str:
    """Return a column of any type; only text can hold a word for nothing."""
    is_text = types.get(header, "VARCHAR") == "VARCHAR"
    return _nulled(quoted(header), conventions) if is_text else quoted(header)


def _nulled(column: str, conventions: Conventions) -> str:
    words = conventions.null_words
    if not words:
        return column
    longest = max(len(word.encode()) for word in words)  # most values are told apart by length
    is_word = f"strlen({column}) <= {longest} AND {is_one_of(column, words)}"
    return f"CASE WHEN {is_word} THEN NULL ELSE {column} END"


def _attributes(
    name: str, match: TableMatch, conventions: Conventions, wanted: Wanted
) -> Iterator[str]:
    used: set[str] = set()
    for header in match.others:
        if any(fnmatchcase(plain(header), plain_pattern(one)) for one in wanted.ignore):
            continue
        field = f"{name}.{header}" if header.casefold() in wanted.given else header
        while field.casefold() in used:
            field = f"{name}.{field}"
        used.add(field.casefold())
        yield f"{quoted(field)} := {_as_is(header, wanted.types, conventions)}"
    if not used:
        yield f"{quoted(NO_ATTRIBUTE)} := NULL"
