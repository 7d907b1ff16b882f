"""Write a mapped table as typed Parquet: plainly written columns in one pass, others by evidence.

Clean data costs one scan: every value is read the plain way, and the first that is not plain
stops the query. Then the forms of the values in the columns concerned are counted, a style is
decided for each, and the table is written again with the text of what still cannot be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from counterpoise.books.evidence import (
    Mapped,
    ReadColumn,
    decide,
    forms_of,
    never_numbers,
    not_plain,
)
from counterpoise.books.quoting import literal, quoted
from counterpoise.books.schema import TABLES, Column, Kind, Table
from counterpoise.books.staged import UNREAD, Staged, parquet
from counterpoise.books.values.columns import NOT_PLAIN, SourceColumn, sql_type
from counterpoise.books.values.numbers import is_number_column

SAMPLE = 20_000
"""Rows looked at first, to guess which columns are plain and which attributes are numbers."""


def stage(mapped: Mapped, columns: Sequence[SourceColumn], path: Path) -> Staged:
    """Write the table to `path` and say what it holds.

    Raises:
        UndecidedDatesError: when the order of day and month in a column cannot be told.
    """
    columns = _with_attribute_kinds(mapped, columns)
    doubtful = not_plain(mapped, columns, SAMPLE) | _with_comma(mapped, columns)
    if not doubtful:
        staged = _write_strictly(mapped, columns, path)
        if staged is not None and not (doubtful := _maybe_thousands(mapped, columns, staged)):
            return staged
    doubtful |= not_plain(mapped, columns)
    by_evidence = _with_their_kin(columns, doubtful)
    decided, notes = decide(mapped, by_evidence, doubtful)
    readings = {each.source.target: each for each in decided}
    read = [readings.get(column.target) or _strictly(mapped, column) for column in columns]
    return replace(_write(mapped, read, path), notes=tuple(notes))


def source_columns(
    mapped: Mapped, headers: Sequence[str], *, needs_trim: bool
) -> list[SourceColumn]:
    """Return the columns of a mapped table, those that its canonical table does not know too."""
    described = mapped.connection.execute(f"DESCRIBE SELECT * FROM {mapped.relation}").fetchall()
    types = {str(row[0]): str(row[1]) for row in described}
    known = {column.name: column for column in TABLES[mapped.table].columns}
    return [
        SourceColumn(
            header,
            known.get(header) or Column(header),
            types[header],
            is_attribute=header not in known,
            needs_trim=needs_trim,
        )
        for header in headers
    ]


def _with_comma(mapped: Mapped, columns: Sequence[SourceColumn]) -> frozenset[str]:
    """Return the numbers that are never plain because the adapter says that commas are decimal."""
    if mapped.conventions.decimal != ",":
        return frozenset()
    return frozenset(
        column.target for column in columns if column.kind.is_numeric and column.is_text
    )


def _with_their_kin(
    columns: Sequence[SourceColumn], doubtful: frozenset[str]
) -> list[SourceColumn]:
    """Return the doubtful columns, and all numbers if one is: the mark of decimals is shared."""
    numbers = {c.target for c in columns if c.kind.is_numeric and c.is_text}
    wanted = doubtful | numbers if doubtful & numbers else doubtful
    return [column for column in columns if column.target in wanted]


def _with_attribute_kinds(mapped: Mapped, columns: Sequence[SourceColumn]) -> list[SourceColumn]:
    """Guess from the first rows which attributes are numbers; a wrong guess is found later."""
    as_numbers = {
        column.target: replace(column, column=replace(column.column, kind=Kind.NUMBER))
        for column in columns
        if column.is_attribute and column.may_be_number
    }
    texts = never_numbers(mapped, as_numbers.values(), SAMPLE)
    possible = [column for target, column in as_numbers.items() if target not in texts]
    doubtful = not_plain(mapped, possible, SAMPLE)
    forms = forms_of(mapped, (c for c in possible if c.target in doubtful), SAMPLE)
    texts |= {target for target, counted in forms.items() if not is_number_column(counted)}
    return [
        column if column.target in texts else as_numbers.get(column.target, column)
        for column in columns
    ]


def _write_strictly(mapped: Mapped, columns: Sequence[SourceColumn], path: Path) -> Staged | None:
    try:
        return _write(mapped, [_strictly(mapped, column) for column in columns], path)
    except duckdb.InvalidInputException as error:
        if NOT_PLAIN not in str(error):
            raise
        return None


def _strictly(mapped: Mapped, column: SourceColumn) -> ReadColumn:
    if not column.needs_reading:
        return ReadColumn(column, column.free_text())
    return ReadColumn(column, column.strict(mapped.zones))


def _write(mapped: Mapped, columns: Sequence[ReadColumn], path: Path) -> Staged:
    items = _items(TABLES[mapped.table], columns)
    query, width = f"SELECT {', '.join(items)} FROM {mapped.relation}", len(items)
    written = mapped.connection.execute(f"COPY ({query}) TO {literal(str(path))} {parquet(width)}")
    (rows,) = written.fetchone() or (0,)
    return Staged(
        name=mapped.table,
        path=path,
        rows=rows,
        present=tuple(each.source.target for each in columns if not each.source.is_attribute),
        attributes={
            each.source.header.strip(): each.source.kind
            for each in columns
            if each.source.is_attribute
        },
        unread=tuple(each.source.target for each in columns if each.keeps_text),
        place=mapped.place,
    )


def _items(table: Table, columns: Sequence[ReadColumn]) -> list[str]:
    by_name = {each.source.target: each for each in columns}
    canonical = [
        f"{_typed(by_name.get(column.name), column.kind)} AS {quoted(column.name)}"
        for column in table.columns
    ]
    attributes = [
        f"{_typed(each, each.source.kind)} AS {quoted(name)}"
        for name, each in by_name.items()
        if each.source.is_attribute
    ]
    unread = [
        f"CASE WHEN ({each.value}) IS NULL THEN {each.source.text} END AS {quoted(UNREAD + name)}"
        for name, each in by_name.items()
        if each.keeps_text
    ]
    return canonical + attributes + unread


def _typed(column: ReadColumn | None, kind: Kind) -> str:
    return f"CAST({column.value if column else 'NULL'} AS {sql_type(kind)})"


def _maybe_thousands(
    mapped: Mapped, columns: Sequence[SourceColumn], staged: Staged
) -> frozenset[str]:
    """Find plain numbers that may be meant otherwise: `1.234` for one thousand and so on."""
    marked = [c for c in columns if c.is_text and c.kind in (Kind.MONEY, Kind.NUMBER)]
    forms = forms_of(mapped, marked, SAMPLE)
    read = [column.target for column in marked if "point" not in forms[column.target]]
    if not read:
        return frozenset()
    tests = ", ".join(map(_has_only_thirds, map(quoted, read)))
    found = mapped.connection.execute(f"SELECT {tests} FROM {staged.relation}").fetchone()
    return frozenset(name for name, flag in zip(read, found or (), strict=True) if flag)


def _has_only_thirds(column: str) -> str:
    """Return SQL that tells whether most fractions have three places, behind few digits."""
    is_fraction = f"{column} <> trunc({column})"
    has_third = f"{column} * 100 <> trunc({column} * 100)"
    return (
        f"count_if({has_third}) * 2 > count_if({is_fraction}) "
        f"AND coalesce(max(abs({column})) FILTER ({is_fraction}), 0) < 1000"
    )
