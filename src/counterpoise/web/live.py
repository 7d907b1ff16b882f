"""The facts of the snapshot in use, one id at a time; opened anew when another is put in use."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from counterpoise.books import Workspace
from counterpoise.books.lookup import Lookup, NoLookupError
from counterpoise.books.lookup_file import lookup_file
from counterpoise.books.snapshot import current_snapshot
from counterpoise.web import house

_NOTHING = Lookup.empty()


def live() -> Lookup:
    """Return the look-up of the snapshot in use; one that knows nothing before the first import.

    Between the end of an import and the making of its look-up database, the former one answers.
    """
    workspace = house.workspace()
    snapshot = current_snapshot(workspace)
    if snapshot is None:
        return _NOTHING
    try:
        if lookup_file(workspace, snapshot).exists():
            return _opened(workspace.root, snapshot)
        return _last_made(workspace) or _NOTHING
    except NoLookupError:  # written by an earlier program; the worker writes it anew
        return _NOTHING


def _last_made(workspace: Workspace) -> Lookup | None:
    from counterpoise.books import snapshot_names

    names = (name for name in snapshot_names(workspace) if lookup_file(workspace, name).exists())
    found = next(names, None)
    return None if found is None else _opened(workspace.root, found)


@lru_cache(maxsize=2)
def _opened(root: Path, snapshot: str) -> Lookup:
    return Lookup.open(Workspace.open(root), snapshot)
