"""Read a source through its adapter into staged tables, and keep the lines that are no rows."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping
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
    """All that was read: the tables, and what could not be read as a row."""

    tables: Mapping[str, Staged]
    rejected: Rejected | None


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
    return Read(tables, rejected)


def _stage(source: Source, mapped: Mapped, table: MappedTable, folder: Path) -> Staged:
    columns = source_columns(mapped, table.columns, needs_trim=table.provenance is None)
    inside = source.scratch / f"{table.table}.parquet"  # the locked source writes nowhere else
    staged = stage(mapped, columns, inside)
    return staged.moved_to(folder / inside.name)


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
