"""adapter.toml: what an adapter recognises and how its source writes things."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import ConfigDict, TypeAdapter, ValidationError

from counterpoise.books.adapters.spelling import did_you_mean
from counterpoise.errors import CounterpoiseError

RESERVED_COLUMNS = frozenset({"attributes", "source_row"})
"""Columns that every staged table has besides those of its source."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class AdapterFileError(CounterpoiseError):
    """Tell what is wrong with a file of an adapter and what to write instead."""

    def __init__(self, file: str, troubles: list[str]) -> None:
        self.file = file
        self.troubles = tuple(troubles)
        super().__init__("\n".join(f"{file}: {trouble}" for trouble in troubles))


@dataclass(frozen=True)
class Conventions:
    """How a source writes what is not there, days, decimals and times.

    `None` means that the source does not say, and the values themselves decide.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    null_words: tuple[str, ...] = ()
    date_order: Literal["mdy", "dmy", "ymd"] | None = None
    decimal: Literal[".", ","] | None = None
    time_zone: str | None = None


@dataclass(frozen=True)
class TableSpec:
    """A source table as the SQL of an adapter writes it.

    `needs` must be there for the adapter to fit; `uses` are NULL where the source lacks them.
    `aliases` are other headers of a column. Where the column `current` says no, the row is an
    old version of another row and left out.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    names: tuple[str, ...] = ()
    any_name: bool = False
    optional: bool = False
    needs: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    current: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Return every column that the SQL may name."""
        return (*self.needs, *self.uses)


@dataclass(frozen=True)
class Recognise:
    """Which tables must be there: one of `any_of`, or else each that is not optional."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    any_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """The whole of adapter.toml.

    With `takes_canonical`, tables that have canonical names are taken as they are. Columns that
    match `ignore` (`*` for anything) never become attributes.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    name: str
    title: str
    takes_canonical: bool = False
    ignore: tuple[str, ...] = ()
    recognise: Recognise = field(default_factory=Recognise)
    conventions: Conventions = field(default_factory=Conventions)
    tables: Mapping[str, TableSpec] = field(default_factory=dict)


_FORM = TypeAdapter(Manifest)
_SECTIONS: dict[str, type] = {"recognise": Recognise, "conventions": Conventions}


def read_manifest(text: str, file: str) -> Manifest:
    """Read the text of an adapter.toml.

    Raises:
        AdapterFileError: With every trouble found, each naming the key and the nearest valid one.

    >>> lines = ['name = "mine"', 'title = "Mine"', "takes_canonical = true"]
    >>> read_manifest(chr(10).join(lines), "adapter.toml").name
    'mine'
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise AdapterFileError(file, [f"not TOML: {error}"]) from error
    try:
        manifest = _FORM.validate_python(data)
    except ValidationError as error:
        raise AdapterFileError(file, [_says(dict(one)) for one in error.errors()]) from error
    if troubles := list(_troubles(manifest)):
        raise AdapterFileError(file, troubles)
    return manifest


def _says(error: Mapping[str, Any]) -> str:
    path = [str(part) for part in error["loc"]]
    key = ".".join(path)
    if error["type"] == "unexpected_keyword_argument":
        return f"unknown key {key}{did_you_mean(path[-1], _keys_of(path[:-1]))}"
    if error["type"] in ("missing", "missing_argument"):
        return f"the key {key} is missing"
    return f"{key}: {error['msg'][:1].lower()}{error['msg'][1:]} (found {error['input']!r})"


def _keys_of(path: list[str]) -> list[str]:
    if path and path[0] == "tables":
        form: type = TableSpec
    else:
        form = _SECTIONS.get(path[0], Manifest) if path else Manifest
    return [one.name for one in fields(form)]


def _troubles(manifest: Manifest) -> Iterator[str]:
    if not _NAME.fullmatch(manifest.name):
        yield f"name: {manifest.name!r} is not a plain name (letters, digits and _)"
    if not manifest.tables and not manifest.takes_canonical:
        yield "no [tables.NAME] says which table of the source is read"
    for table in manifest.recognise.any_of:
        if table not in manifest.tables:
            yield f"recognise.any_of: unknown table {table!r}{did_you_mean(table, manifest.tables)}"
    for name, spec in manifest.tables.items():
        for trouble in _table_troubles(name, spec):
            yield f"tables.{name}{trouble}"
    yield from _zone_troubles(manifest.conventions.time_zone)


def _table_troubles(name: str, spec: TableSpec) -> Iterator[str]:
    if not _NAME.fullmatch(name):
        yield f": {name!r} is not a plain name (letters, digits and _)"
    if not spec.columns:
        yield ": no column in needs or uses"
    for column in spec.columns:
        if column.casefold() in RESERVED_COLUMNS:
            yield f": the column name {column!r} is taken; give it another and an alias"
        if [one.casefold() for one in spec.columns].count(column.casefold()) > 1:
            yield f": the column {column!r} is there twice"
    for column in spec.aliases:
        if column not in spec.columns:
            yield f".aliases: unknown column {column!r}{did_you_mean(column, spec.columns)}"
    if spec.current is not None and spec.current not in spec.columns:
        yield f".current: unknown column {spec.current!r}{did_you_mean(spec.current, spec.columns)}"


def _zone_troubles(zone: str | None) -> Iterator[str]:
    if zone is None:
        return
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        guess = did_you_mean(zone, available_timezones())
        yield f"conventions.time_zone: unknown zone {zone!r}{guess}"
