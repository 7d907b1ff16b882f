"""The snapshots of the workspace as pages show them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from counterpoise.books import Manifest, ManifestError, Problem, Suggestion, Workspace
from counterpoise.books import snapshot as snapshots_of
from counterpoise.books.kept_tables import KeptTables
from counterpoise.books.sources.address import is_address

UPLOADS = "uploads"
"""The folder of the workspace that holds what people brought."""

_SET_ASIDE = "set_aside"


@dataclass(frozen=True)
class Kept:
    """A snapshot: what it is made of, when it was imported last, and whether it is in use."""

    manifest: Manifest
    imported_at: dt.datetime | None
    is_current: bool

    @property
    def id(self) -> str:
        """Return its id."""
        return self.manifest.snapshot

    @property
    def origin(self) -> str:
        """Return where it came from, in a few words and without the folders of this machine."""
        name = self.manifest.source.name
        if is_address(name):
            return name
        place = Path(name)
        return "files that were brought" if place.parent.name == UPLOADS else place.name

    @property
    def rows(self) -> int:
        """Return the rows in use, over all tables."""
        return sum(table.rows for table in self.manifest.tables.values())

    @property
    def set_aside(self) -> int:
        """Return the rows set aside, over all tables."""
        return sum(table.set_aside for table in self.manifest.tables.values())

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """Return the spellings to take."""
        return self.manifest.suggestions

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return what is wrong with it, the most rows first."""
        return tuple(sorted(self.manifest.problems, key=lambda each: -each.rows))


def snapshots(workspace: Workspace) -> list[Kept]:
    """Return the whole snapshots, the one imported last first."""
    current = snapshots_of.current_snapshot(workspace)
    at = {each.snapshot: each.at for each in snapshots_of.import_records(workspace)}
    found = []
    for name in snapshots_of.snapshot_names(workspace):
        try:
            manifest = _manifest(snapshots_of.snapshots_dir(workspace) / name)
        except ManifestError:
            continue
        found.append(Kept(manifest, at.get(name), name == current))
    return found


def snapshot(workspace: Workspace, name: str = "") -> Kept | None:
    """Return a snapshot by its whole id, or the one in use."""
    every = snapshots(workspace)
    return next((each for each in every if (each.id == name if name else each.is_current)), None)


def rows_aside(
    workspace: Workspace, snapshot: str, table: str, rule: str, part: tuple[int, int]
) -> tuple[list[dict[str, Any]], int]:
    """Return some of the rows that a rule set aside from a table, and how many there are.

    Args:
        workspace: Whose books.
        snapshot: The whole id of a snapshot.
        table: The table.
        rule: The rule.
        part: How many rows, and how many to pass over.
    """
    kept = _tables(snapshots_of.snapshots_dir(workspace) / snapshot)
    if not kept.has(_SET_ASIDE):
        return [], 0
    aside = kept.table(_SET_ASIDE)
    aside = aside.filter((aside.table == table) & (aside.rule == rule))
    count = int(kept.run(aside.aggregate(n=aside.count())).column("n")[0].as_py())
    limit, offset = part
    shown = aside.order_by(["file", "line"]).limit(limit, offset=offset)
    return kept.run(shown).to_pylist(), count


@lru_cache(maxsize=64)
def _manifest(folder: Path) -> Manifest:
    return Manifest.read(folder)


@lru_cache(maxsize=2)
def _tables(folder: Path) -> KeptTables:
    return KeptTables(folder)
