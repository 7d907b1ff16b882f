"""Read a source through its adapter into staged tables, and keep the lines that are no rows."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from counterpoise.books.evidence import Mapped
from counterpoise.books.places import Place
from counterpoise.books.problems import Problem, Rule
from counterpoise.books.progress import Progress
from counterpoise.books.quoting import literal
from counterpoise.books.staged import Staged, parquet
from counterpoise.books.staging import source_columns, stage
from counterpoise.books.values.moments import Zones

if TYPE_CHECKING:
    from counterpoise.books.adapters import Adapter, MappedTable
    from counterpoise.books.sources import Source


@dataclass(frozen=True)
class Rejected:
    """The lines of a source that are no rows: where they are kept, and how many a table."""

    file: Path
    by_table: Mapping[str, int]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Read:
    """All that was read: the tables, what could not be read as a row, and what is odd."""

    tables: Mapping[str, Staged]
    rejected: Rejected | None
    notes: tuple[Problem, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return what is wrong with the source, before anything is known of its values."""
        return (*(self.rejected.problems if self.rejected else ()), *self.notes)


def read_source(
    source: Source, adapter: Adapter, zone: str, folder: Path, progress: Progress
) -> Read:
    """Write every canonical table that the adapter finds in the source to `folder`.

    `zone` is the one whose wall time is kept.

    Raises:
        UndecidedDatesError: when the order of day and month in a column cannot be told.
        AdapterQueryError: when the SQL of the adapter cannot run.
    """
    source.connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
    progress.start(f"Mapping with {adapter.name}")
    found = adapter.apply(source)
    progress.done()
    zones = Zones(zone, adapter.conventions.time_zone)
    tables = {}
    progress.start("Typing", len(found))
    with source.reading():
        rejected = _keep_rejects(source, found, folder)
        for name, table in found.items():
            mapped = Mapped(
                source.connection,
                name,
                table.relation,
                adapter.conventions,
                zones,
                _place(table),
            )
            tables[name] = _stage(source, mapped, table, folder)
            progress.advance()
    progress.done()
    return Read(tables, rejected, tuple(_repeated_columns(source, found)))


def _stage(source: Source, mapped: Mapped, table: MappedTable, folder: Path) -> Staged:
    columns = source_columns(mapped, table.columns, needs_trim=table.provenance is None)
    inside = source.scratch / f"{table.table}.parquet"  # the locked source writes nowhere else
    staged = stage(mapped, columns, inside)
    return staged.moved_to(folder / inside.name)


def _repeated_columns(source: Source, found: Mapping[str, MappedTable]) -> Iterator[Problem]:
    """Tell of columns whose name another column of the same table has already."""
    canonical = {t.provenance.name: name for name, t in found.items() if t.provenance}
    for table in source.tables.values():
        for name, column in table.repeated:
            first = next(each for each in table.columns if each.casefold() == name.casefold())
            yield Problem(
                Rule.DUPLICATE_COLUMN,
                canonical.get(table.name, table.name),
                table.rows,
                f"{table.location}: two columns are called {name}",
                f"the first is used as {first}, the other is kept as attr.{column}; leave one "
                "out of the export, or rename it",
                column,
            )


def _place(table: MappedTable) -> Place:
    origin = table.provenance
    return Place() if origin is None else Place(origin.location, origin.lines)


def _keep_rejects(
    source: Source, found: Mapping[str, MappedTable], folder: Path
) -> Rejected | None:
    if not len(source.rejects):
        return None
    relation = source.rejects.relation
    inside = source.scratch / "rejects.parquet"
    source.connection.execute(f"COPY {relation} TO {literal(str(inside))} {parquet(columns=5)}")
    target = folder / inside.name
    shutil.move(inside, target)
    rows = source.connection.execute(
        f"SELECT table_name, count(*), arg_min((file, line, reason), line) FROM {relation} "
        "GROUP BY table_name ORDER BY table_name"
    ).fetchall()
    canonical = {t.provenance.name: name for name, t in found.items() if t.provenance}
    by_table: Counter[str] = Counter()
    problems = []
    for origin, count, (file, line, reason) in rows:
        table = canonical.get(origin, origin)
        by_table[table] += count
        effect = "the lines are set aside"
        example = f"{file}:{line}: {reason}"
        problems.append(Problem(Rule.UNREADABLE_LINE, table, count, example, effect))
    return Rejected(target, by_table, tuple(problems))
