"""Snapshots: immutable folders of tables, one of them in use.

A snapshot is made in a folder of its own beside the others and renamed when it is whole; then the
file `current` is replaced. A crash at any point leaves the former snapshot in use, and what the
crash left behind is cleared by the next import.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from counterpoise.books.clock import utc_now
from counterpoise.books.durable import append_line, replace_text, sync_folder, sync_tree
from counterpoise.books.lock import import_lock
from counterpoise.books.manifest import Manifest, ManifestError
from counterpoise.books.spelling import unknown
from counterpoise.books.workspace import Workspace
from counterpoise.errors import CounterpoiseError

__all__ = [
    "ImportRecord",
    "Manifest",
    "ManifestError",
    "SnapshotError",
    "clear_litter",
    "current_snapshot",
    "find_snapshot",
    "import_records",
    "lock_file",
    "making",
    "prune",
    "publish",
    "record_import",
    "snapshot_names",
    "switch_to",
]

SET_ASIDE = "set_aside.parquet"
_MAKING = ".making-"


class SnapshotError(CounterpoiseError):
    """No snapshot, or no single one, goes by the name that was asked for."""


@dataclass(frozen=True)
class ImportRecord:
    """When which snapshot was imported, from what."""

    at: datetime
    snapshot: str
    source: str


def snapshots_dir(workspace: Workspace) -> Path:
    """Return the folder that holds a workspace's snapshots."""
    return workspace.books_dir / "snapshots"


def lock_file(workspace: Workspace) -> Path:
    """Return the file that is locked while snapshots are made or removed."""
    return workspace.books_dir / "import.lock"


def snapshot_names(workspace: Workspace) -> tuple[str, ...]:
    """List the ids of whole snapshots, the one imported last first."""
    folder = snapshots_dir(workspace)
    if not folder.is_dir():
        return ()
    names = [each.name for each in folder.iterdir() if not each.name.startswith(".")]
    last = {each.snapshot: number for number, each in enumerate(import_records(workspace))}
    return tuple(sorted(names, key=lambda name: (-last.get(name, -1), name)))


def current_snapshot(workspace: Workspace) -> str | None:
    """Return the id of the snapshot in use, or None before the first import."""
    with suppress(FileNotFoundError):
        return _current_file(workspace).read_text(encoding="utf-8").strip()
    return None


def find_snapshot(workspace: Workspace, name: str = "current") -> Path:
    """Return the folder of a snapshot by its id, the start of its id, `current` or `previous`.

    Raises:
        SnapshotError: when there is none of that name, or more than one.
    """
    return snapshots_dir(workspace) / _find(workspace, name)


def _find(workspace: Workspace, name: str) -> str:
    current = current_snapshot(workspace)
    if current is None:
        raise SnapshotError(
            f"{workspace.root}: nothing is imported yet; run `counterpoise import SOURCE`"
        )
    names = snapshot_names(workspace)
    if name == "current":
        return current
    if name == "previous":
        return _previous(workspace, names, current)
    found = [each for each in names if each.startswith(name)] if name else []
    if len(found) == 1:
        return found[0]
    if found:
        raise SnapshotError(
            f"{workspace.root}: {name!r} is the start of {len(found)} snapshots "
            f"({', '.join(found)}); write more of it"
        )
    raise SnapshotError(f"{workspace.root}: {unknown('snapshot', name, names)}")


def _previous(workspace: Workspace, names: tuple[str, ...], current: str) -> str:
    before = [name for name in names if name != current]
    if not before:
        raise SnapshotError(f"{workspace.root}: there is no snapshot before {current}")
    return before[0]


@contextmanager
def making(workspace: Workspace) -> Iterator[Path]:
    """Give a folder to make a snapshot in; whatever is left of it goes when the block ends."""
    parent = snapshots_dir(workspace)
    is_new = not parent.exists()
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{_MAKING}{os.getpid()}-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if is_new:
            with suppress(OSError):
                parent.rmdir()  # stays when a snapshot was published


def publish(workspace: Workspace, made: Path, snapshot: str) -> None:
    """Make the finished folder `made` a snapshot that is there for good.

    A damaged one of the same id gives way.
    """
    target = snapshots_dir(workspace) / snapshot
    sync_tree(made)
    made.chmod(0o755)
    if target.exists():
        _remove(target)
    made.rename(target)
    sync_folder(snapshots_dir(workspace))


def switch_to(workspace: Workspace, snapshot: str) -> None:
    """Put a snapshot in use."""
    replace_text(_current_file(workspace), snapshot + "\n")


def clear_litter(workspace: Workspace) -> None:
    """Remove what crashed imports left behind; only for the holder of the lock."""
    folder = snapshots_dir(workspace)
    for litter in folder.glob(f"{_MAKING}*"):
        shutil.rmtree(litter, ignore_errors=True)
    for litter in workspace.books_dir.glob(".*.making"):
        litter.unlink(missing_ok=True)


def record_import(workspace: Workspace, record: ImportRecord) -> None:
    """Note when a snapshot was imported."""
    facts = {
        "at": record.at.isoformat(),
        "snapshot": record.snapshot,
        "source": record.source,
    }
    append_line(_records_file(workspace), json.dumps(facts, ensure_ascii=False))


def import_records(workspace: Workspace) -> tuple[ImportRecord, ...]:
    """List the imports of a workspace in their order; a torn last line is passed over."""
    records = []
    with suppress(FileNotFoundError):
        for line in _records_file(workspace).read_text(encoding="utf-8").splitlines():
            with suppress(ValueError, KeyError):
                facts = json.loads(line)
                at = datetime.fromisoformat(facts["at"])
                records.append(ImportRecord(at, facts["snapshot"], facts["source"]))
    return tuple(records)


def prune(
    workspace: Workspace, keep: int = 5, *, now: Callable[[], datetime] = utc_now
) -> tuple[str, ...]:
    """Remove all but the `keep` snapshots imported last, never the one in use.

    Returns:
        The ids of the snapshots removed.

    Raises:
        SnapshotError: when `keep` is below one.
        ImportRunningError: when an import is running.
    """
    if keep < 1:
        raise SnapshotError(f"cannot keep {keep} snapshots; keep at least one")
    with import_lock(lock_file(workspace), now()):
        return _prune(workspace, keep)


def use_snapshot(workspace: Workspace, name: str, *, now: Callable[[], datetime] = utc_now) -> str:
    """Put a former snapshot in use again, and return its id.

    Raises:
        SnapshotError: when there is none of that name.
        ManifestError: when it is damaged.
        ImportRunningError: when an import is running.
    """
    with import_lock(lock_file(workspace), now()):
        found = _find(workspace, name)
        Manifest.read(snapshots_dir(workspace) / found)
        switch_to(workspace, found)
    return found


def _prune(workspace: Workspace, keep: int) -> tuple[str, ...]:
    current = current_snapshot(workspace)
    rest = [name for name in snapshot_names(workspace) if name != current]
    removed = tuple(rest[keep - (current is not None) :])
    for name in removed:
        _remove(snapshots_dir(workspace) / name)
        (workspace.books_dir / "lookups" / f"{name}.sqlite3").unlink(missing_ok=True)
    return removed


def _remove(folder: Path) -> None:
    hidden = folder.with_name(f"{_MAKING}{os.getpid()}-{folder.name}")
    folder.rename(hidden)  # a half-removed folder must not look like a snapshot
    shutil.rmtree(hidden)


def _current_file(workspace: Workspace) -> Path:
    return workspace.books_dir / "current"


def _records_file(workspace: Workspace) -> Path:
    return workspace.books_dir / "imports.jsonl"
