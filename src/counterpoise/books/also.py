"""Facts that the room itself knows, read beside every snapshot: approvals, offers, uses of tools.

A snapshot is what a source said. What was decided here is no part of it, changes at other times,
and is laid beside it when the books are opened.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from counterpoise.books.durable import replace_text, sync_folder, sync_tree
from counterpoise.books.schema import READABLE
from counterpoise.books.workspace import Workspace

Rows = Mapping[str, Sequence[Mapping[str, Any]]]

_SINCE = "since.json"
_KEPT = 2


def keep_also(workspace: Workspace, rows: Rows, since: Mapping[str, dt.date] | None = None) -> str:
    """Lay these rows beside the books from now on, in place of those so far; return their key.

    Args:
        workspace: Whose books.
        rows: By canonical table, rows by canonical column; what is left out is unknown.
        since: By canonical table, the day from which on the room records such rows.
    """
    tables = {name: _typed(name, each) for name, each in rows.items() if each}
    days = {name: day.isoformat() for name, day in sorted((since or {}).items()) if name in tables}
    key = _key(tables, days)
    parent = _folder(workspace)
    if current_also(workspace) == (parent / key if tables else None):
        return key if tables else ""
    parent.mkdir(parents=True, exist_ok=True)
    if tables and not (parent / key).is_dir():
        made = parent / f".{key}.{os.getpid()}.making"
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir()
        for name, table in tables.items():
            pq.write_table(table, made / f"{name}.parquet")
        (made / _SINCE).write_text(json.dumps(days), encoding="utf-8")
        sync_tree(made)
        made.rename(parent / key)
        sync_folder(parent)
    replace_text(parent / "current", (key if tables else "") + "\n")
    _forget_old(parent, key)
    return key if tables else ""


def current_also(workspace: Workspace) -> Path | None:
    """Return the folder of the rows that are laid beside the books, or None without any."""
    parent = _folder(workspace)
    try:
        key = (parent / "current").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    return parent / key if key and (parent / key).is_dir() else None


def recorded_since(also: Path, name: str) -> dt.date | None:
    """Return the day from which on the room records rows of a table, where that was said."""
    file = also / _SINCE
    days = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return dt.date.fromisoformat(days[name]) if name in days else None


def _folder(workspace: Workspace) -> Path:
    return workspace.books_dir / "also"


def _typed(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return rows as the table has them, in the order of its key."""
    table = READABLE[name]
    kinds = ibis.schema({column.name: column.kind.dtype for column in table.columns})
    whole = [{column: row.get(column) for column in table.names} for row in rows]
    whole.sort(key=lambda row: [str(row[column]) for column in table.key or table.names])
    return pa.Table.from_pylist(whole, schema=kinds.to_pyarrow())


def _key(tables: Mapping[str, pa.Table], days: Mapping[str, str]) -> str:
    told = {name: table.to_pylist() for name, table in sorted(tables.items())} | {_SINCE: days}
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()[:16]


def _forget_old(parent: Path, shown: str) -> None:
    folders = [each for each in parent.iterdir() if each.is_dir() and each.name != shown]
    folders.sort(key=lambda each: each.stat().st_mtime, reverse=True)
    for old in folders[_KEPT - 1 :]:
        shutil.rmtree(old, ignore_errors=True)
