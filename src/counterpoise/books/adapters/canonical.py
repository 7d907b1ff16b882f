"""Tables and columns that already have canonical names are taken as they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from counterpoise.books.adapters.manifest import TableSpec
from counterpoise.books.adapters.matching import Fit, TableMatch, header_of, lacking
from counterpoise.books.adapters.spelling import did_you_mean, plain
from counterpoise.books.schema import ESSENTIAL, TABLES, Table

if TYPE_CHECKING:
    from counterpoise.books.sources import Source, SourceTable


def fit_canonical(source: Source, apart_from: frozenset[str] = frozenset()) -> Fit:
    """Find the canonical tables in a source by name; a lone file also by its columns.

    Tables `apart_from` are somebody else's.
    """
    named = dict(_named(source, apart_from))
    if not named and len(source.tables) == 1 and not apart_from:
        (only,) = source.tables.values()
        fitting = [name for name in ESSENTIAL if not _gone(TABLES[name], only)]
        named = dict.fromkeys(fitting[:1], only)
    as_named = {name: _match(TABLES[name], table) for name, table in named.items()}
    return Fit({}, tuple(_missing(source, named)), as_named)


def _named(source: Source, apart_from: frozenset[str]) -> Iterator[tuple[str, SourceTable]]:
    by_plain = {
        plain(key): table
        for key, table in reversed(list(source.tables.items()))
        if table.name not in apart_from
    }
    for name in TABLES:
        if plain(name) in by_plain:
            yield name, by_plain[plain(name)]


def _match(table: Table, found: SourceTable) -> TableMatch:
    free = list(found.columns)
    columns: dict[str, str | None] = {}
    for column in table.names:
        header = header_of([column], free)
        if header is not None:
            columns[column] = header
            free.remove(header)
    return TableMatch(found, columns, tuple(free))


def _gone(table: Table, found: SourceTable) -> tuple[str, ...]:
    needs = tuple(column.name for column in table.columns if column.required)
    return lacking(TableSpec(needs=needs), found)


def _missing(source: Source, named: dict[str, SourceTable]) -> Iterator[str]:
    if not any(name in named for name in ESSENTIAL):
        guess = did_you_mean("deals", source.tables)
        yield f"none of the tables {', '.join(ESSENTIAL)}{guess}"
    for name, found in named.items():
        if gone := _gone(TABLES[name], found):
            words = ", ".join(f"{one}{did_you_mean(one, found.columns)}" for one in gone)
            yield f"table {found.name} has no column {words}"
