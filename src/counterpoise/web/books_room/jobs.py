"""The jobs of the books: import a source, and compare two snapshots."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from counterpoise.books import Books, build_lookup, compare_snapshots, import_books, prune
from counterpoise.errors import CounterpoiseError
from counterpoise.web import house
from counterpoise.web.audit.entries import record
from counterpoise.web.books_room.sources import adapter_of, choice
from counterpoise.web.books_room.uploads import forget_old_uploads, upload
from counterpoise.web.people.models import User
from counterpoise.web.results.jobs import ask_for_review, gather_room_facts
from counterpoise.web.work.jobs import Running, job

IMPORT = "import"
COMPARE = "compare"
_DEALS_KEPT = 200


class GoneSourceError(CounterpoiseError):
    """What was to be imported is no longer there or no longer allowed."""


@job(IMPORT, title="Import")
def import_source(running: Running) -> dict[str, Any]:
    """Import what was asked for, make it ready for look-ups, and ask for a review."""
    workspace, asked = house.workspace(), running.arguments
    source, adapter = _source(asked)
    report = import_books(
        workspace,
        source,
        adapter=adapter_of(asked.get("adapter") or adapter),
        accept=bool(asked.get("accept")),
        progress=running,
    )
    running.start("Making the look-up database")
    with Books.open(workspace, report.snapshot) as books:
        build_lookup(books)
    actor = User.objects.filter(pk=running.asked_by_id or 0).first()
    rows = sum(table.rows for table in report.tables.values())
    told = {"rows": rows, "problems": len(report.problems), "unchanged": report.unchanged}
    record(actor, "books.imported", f"snapshot:{report.snapshot}", told)
    forget_old_uploads()
    gather_room_facts()
    ask_for_review()
    return {"snapshot": report.snapshot, "seconds": round(report.seconds, 1), **told}


def _source(asked: Any) -> tuple[str | Path, str]:
    """Return where the source lies and the adapter that it names."""
    if asked.get("upload"):
        folder = upload(asked["upload"])
        if folder is None:
            raise GoneSourceError("What was brought is no longer kept; bring it again.")
        return folder, ""
    found = choice(asked.get("source", ""))
    if found is None:
        raise GoneSourceError("This source is no longer allowed; ask an administrator.")
    return found.address, found.adapter


@job(COMPARE, title="Compare two snapshots")
def compare(running: Running) -> dict[str, Any]:
    """Say why figures of past quarters differ between two snapshots."""
    running.start("Comparing")
    asked = running.arguments
    found = compare_snapshots(house.workspace(), asked["old"], asked["new"])
    told = {name: _plain(each) for name, each in dataclasses.asdict(found).items()}
    return told | {"deals": told["deals"][:_DEALS_KEPT]}


def _plain(told: Any) -> Any:
    """Return figures as texts, which JSON keeps exact."""
    if isinstance(told, dict):
        return {key: _plain(each) for key, each in told.items()}
    if isinstance(told, list | tuple):
        return [_plain(each) for each in told]
    return told if isinstance(told, str | int | bool | None) else str(told)


def prune_snapshots(keep: int, actor: User) -> tuple[str, ...]:
    """Remove old snapshots, never the one in use, with their look-up databases."""
    removed = prune(house.workspace(), keep)
    if removed:
        record(actor, "books.pruned", "books:snapshots", {"kept": keep, "removed": len(removed)})
    return removed
