"""Which of a source's tables and columns are the ones that an adapter means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from counterpoise.books.adapters.spelling import did_you_mean, plain, plain_pattern

if TYPE_CHECKING:
    from counterpoise.books.adapters.manifest import Manifest, TableSpec
    from counterpoise.books.sources import Source, SourceTable


@dataclass(frozen=True)
class TableMatch:
    """A table as an adapter means it, and where its columns are found.

    `columns` has every column that the adapter names, with the source's header or `None`;
    `others` are the headers that it does not name.
    """

    source: SourceTable | None
    columns: Mapping[str, str | None]
    others: tuple[str, ...] = ()

    @property
    def found(self) -> int:
        """Return how many of the columns the source has."""
        return sum(header is not None for header in self.columns.values())


@dataclass(frozen=True)
class Fit:
    """How well an adapter's tables are found in a source; without `missing` it fits."""

    tables: Mapping[str, TableMatch]
    missing: tuple[str, ...]
    as_named: Mapping[str, TableMatch] = field(default_factory=dict)
    """Canonical tables that are taken as they are."""

    @property
    def score(self) -> int:
        """Return how much of the source the adapter knows."""
        return sum(match.found for match in (*self.tables.values(), *self.as_named.values()))


def fit_tables(manifest: Manifest, source: Source) -> Fit:
    """Find each table of a manifest among those of a source."""
    taken = _by_name(manifest.tables, source)
    for name, spec in manifest.tables.items():
        if spec.any_name and name not in taken:
            left = [one for one in source.tables.values() if one not in taken.values()]
            fitting = [one for one in left if not lacking(spec, one)]
            if len(fitting) == 1:
                taken[name] = fitting[0]
    tables, missing = {}, {}
    for name, spec in manifest.tables.items():
        trouble = _trouble(name, spec, taken.get(name), source)
        if trouble:
            missing[name] = trouble
        tables[name] = _match(spec, None if trouble else taken.get(name))
    return Fit(tables, _unmet(manifest, missing))


def lacking(spec: TableSpec, table: SourceTable) -> tuple[str, ...]:
    """Return the columns that a table should have and has not."""
    return tuple(one for one in spec.needs if header_of(_headers(spec, one), table.columns) is None)


def header_of(names: Sequence[str], headers: Iterable[str]) -> str | None:
    """Return the header that is one of the names: as written, else in any case and spacing.

    >>> header_of(["CloseDate", "Close Date"], ["ID", "CLOSE_DATE"])
    'CLOSE_DATE'
    """
    headers = list(headers)
    by_plain: dict[str, str] = {}
    for header in headers:
        by_plain.setdefault(plain(header), header)
    for name in names:
        if name in headers:
            return name
        if plain(name) in by_plain:
            return by_plain[plain(name)]
    return None


def _by_name(specs: Mapping[str, TableSpec], source: Source) -> dict[str, SourceTable]:
    taken: dict[str, SourceTable] = {}
    for name, spec in specs.items():
        for pattern in (plain_pattern(one) for one in spec.names or (name,)):
            found = [
                table
                for key, table in source.tables.items()
                if fnmatchcase(plain(key), pattern) and table not in taken.values()
            ]
            if found:
                taken[name] = min(found, key=lambda one: (len(lacking(spec, one)), one.name))
                break
    return taken


def _headers(spec: TableSpec, column: str) -> tuple[str, ...]:
    return (column, *spec.aliases.get(column, ()))


def _match(spec: TableSpec, table: SourceTable | None) -> TableMatch:
    if table is None:
        return TableMatch(None, dict.fromkeys(spec.columns))
    free = list(table.columns)
    columns: dict[str, str | None] = {}
    for column in spec.columns:
        columns[column] = header = header_of(_headers(spec, column), free)
        if header is not None:
            free.remove(header)
    return TableMatch(table, columns, tuple(free))


def _trouble(name: str, spec: TableSpec, table: SourceTable | None, source: Source) -> str:
    if table is None:
        by_columns = f" and none with the columns {', '.join(spec.needs)}" if spec.any_name else ""
        return f"no table {name}{by_columns}{did_you_mean(name, source.tables)}"
    gone = lacking(spec, table)
    if not gone:
        return ""
    named = ", ".join(f"{one}{did_you_mean(one, table.columns)}" for one in gone)
    return f"table {table.name} has no column {named}"


def _unmet(manifest: Manifest, missing: Mapping[str, str]) -> tuple[str, ...]:
    any_of = manifest.recognise.any_of
    if any_of and all(name in missing for name in any_of):
        return ("; or ".join(missing[name] for name in any_of),)
    needed = (
        name for name, spec in manifest.tables.items() if not spec.optional and name not in any_of
    )
    return tuple(missing[name] for name in needed if name in missing)
