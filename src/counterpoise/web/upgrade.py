"""The form of a workspace: brought up to what this program writes, never down."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from counterpoise import __version__
from counterpoise.books import Books, Manifest, ManifestError, Workspace, build_lookup
from counterpoise.books.durable import replace_text
from counterpoise.books.snapshot import current_snapshot, snapshot_names, snapshots_dir
from counterpoise.errors import CounterpoiseError

FORM = 1
"""Grows when a workspace is written in a way that older programs cannot read."""

_STAMP = ".counterpoise.json"


class NewerWorkspaceError(CounterpoiseError):
    """A newer program has written the workspace."""

    def __init__(self, workspace: Workspace, what: str) -> None:
        super().__init__(
            f"{workspace.root}: {what} of a newer Counterpoise than this one, {__version__}; "
            "install that version again, or restore a backup that this one made"
        )


def stamp_file(workspace: Workspace) -> Path:
    """Return the file that says which form a workspace has."""
    return workspace.root / _STAMP


def refuse_newer(workspace: Workspace) -> None:
    """Refuse a workspace that a newer program has written.

    Raises:
        NewerWorkspaceError: If one has.
    """
    try:
        stamp = json.loads(stamp_file(workspace).read_text(encoding="utf-8"))
        form = int(stamp["form"])
    except FileNotFoundError:
        form = FORM
    except (ValueError, KeyError, TypeError) as error:
        raise NewerWorkspaceError(workspace, f"{_STAMP} cannot be read; perhaps it is") from error
    if form > FORM:
        raise NewerWorkspaceError(workspace, f"its form, {form}, is")


def refuse_newer_database(workspace: Workspace) -> None:
    """Refuse a database that a newer program has changed.

    Raises:
        NewerWorkspaceError: If one has.
    """
    if unknown := sorted(applied_migrations() - known_migrations()):
        named = ".".join(unknown[-1])
        raise NewerWorkspaceError(workspace, f"its database has the change {named}, which is")


def write_stamp(workspace: Workspace) -> None:
    """Say which form the workspace has, unless it is said."""
    text = json.dumps({"form": FORM, "version": __version__}) + "\n"
    file = stamp_file(workspace)
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        replace_text(file, text)


def upgrade(workspace: Workspace) -> Iterator[str]:
    """Bring a workspace up to this program, and say what was done; done twice, it is done once.

    Raises:
        NewerWorkspaceError: If a newer program has written it.
    """
    from counterpoise.web.setup import migrate

    refuse_newer(workspace)
    refuse_newer_database(workspace)
    changed = migrate(workspace)
    yield "the database: brought up to date" if changed else "the database: as it should be"
    if guards := _put_back():
        yield f"guards of the database put back: {', '.join(guards)}"
    yield from _old_snapshots(workspace)
    if current_snapshot(workspace):
        with Books.open(workspace) as books:
            build_lookup(books)
        yield "the look-up database of the books in use: there"
    write_stamp(workspace)


def _put_back() -> list[str]:
    """Put back what makes the database refuse changes, and return what was gone."""
    from django.db import connection

    from counterpoise.web import guarding
    from counterpoise.web.audit import guards

    gone = [*guards.missing(connection), *guarding.missing(connection)]
    if gone:
        guards.install(connection)
        guarding.install(connection)
    return gone


def applied_migrations() -> set[tuple[str, str]]:
    """Return the changes that the database has."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    return set(MigrationRecorder(connection).applied_migrations())


def known_migrations() -> set[tuple[str, str]]:
    """Return the changes that this program knows, those that it has put together too."""
    from django.db.migrations.loader import MigrationLoader

    disk = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    replaced = {each for migration in disk.values() for each in migration.replaces}
    return set(disk) | replaced


def _old_snapshots(workspace: Workspace) -> Iterator[str]:
    """Name the snapshots that this program cannot read: they are made anew by importing again."""
    for name in snapshot_names(workspace):
        try:
            Manifest.read(snapshots_dir(workspace) / name)
        except ManifestError as error:
            yield f"snapshot {name}: {error}"
