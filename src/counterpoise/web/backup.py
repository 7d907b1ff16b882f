"""One file that holds a workspace, taken while its room works, and the way back.

It holds settings, agreements, whole snapshots and the room's database, not what can be made anew
(look-ups, reviews) and not the keys, which go into a file of their own, kept elsewhere.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from counterpoise import __version__
from counterpoise.books import Workspace
from counterpoise.books.durable import replace_text
from counterpoise.books.snapshot import current_snapshot, snapshots_dir
from counterpoise.errors import CounterpoiseError
from counterpoise.web.tables import copy_in, copy_out
from counterpoise.web.upgrade import FORM, applied_migrations, known_migrations

_ABOUT = "about.json"
_DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database"}
_FOLDERS = ("agreements", "adapters")
_FILES = ("counterpoise.toml", "agreement.yaml")
_RESTORED = "restored"


class BackupError(CounterpoiseError):
    """A backup cannot be written, read or used here."""


@dataclass(frozen=True)
class Restored:
    """What was put back; `keys_fit` tells whether the room's keys are those of the backup."""

    made_at: str
    keys_fit: bool


@dataclass(frozen=True)
class About:
    """What a backup says of itself."""

    form: int
    version: str
    made_at: str
    database: str
    migrations: list[list[str]]
    snapshot: str | None


def back_up(workspace: Workspace, file: Path, keys: Path | None = None) -> About:
    """Write a workspace into a new file, while its room works.

    Args:
        workspace: Which.
        file: A file that is not there yet.
        keys: Another new file, for the keys; without it they are not saved.

    Raises:
        BackupError: If a file is there already, or cannot be written.
    """
    for target in (file, keys):
        if target and target.exists():
            raise BackupError(f"{target}: is there already; name a new file")
        if target and not target.parent.is_dir():
            raise BackupError(f"{target}: there is no folder {target.parent}; make it first")
    with _scratch(file.parent) as folder:
        database = _DATABASE[connection.vendor]
        _save_database(folder / database)
        about = _about(workspace)
        with _writing(file) as archive:
            _add_text(archive, _ABOUT, json.dumps(asdict(about), indent=1))
            archive.add(folder / database, database)
            for name, path in _parts(workspace):
                archive.add(path, name, recursive=False)
            _add_text(archive, "books/current", f"{about.snapshot or ''}\n")
    if keys:
        with _writing(keys) as archive:
            for path in sorted(_secrets().iterdir()):
                if path.is_file() and not path.name.startswith("."):
                    archive.add(path, path.name)
    return about


def restore(workspace: Workspace, file: Path, keys: Path | None = None) -> Restored:
    """Put a workspace back as a backup holds it, while its room works.

    What the backup does not know stays aside in `replaced/`; the books switch last.

    Raises:
        BackupError: If the file is no backup, or of a newer program.
    """
    with _opened(file) as archive, _scratch(workspace.root) as folder:
        about = _read_about(archive, file)
        archive.extractall(folder, filter="data")
        if keys:
            with _opened(keys) as kept:
                kept.extractall(_secrets(), filter="data")
        _put_snapshots(workspace, folder)
        _put_files(workspace, folder)
        _put_database(folder / _DATABASE[about.database], about.database)
        if about.snapshot:
            replace_text(workspace.books_dir / "current", about.snapshot + "\n")
    return Restored(about.made_at, _note_restoring(about))


def _about(workspace: Workspace) -> About:
    return About(
        form=FORM,
        version=__version__,
        made_at=timezone.now().isoformat(),
        database=connection.vendor,
        migrations=sorted(map(list, applied_migrations())),
        snapshot=current_snapshot(workspace),
    )


def _parts(workspace: Workspace) -> Iterator[tuple[str, Path]]:
    """Yield the files to keep by their names in the backup; a snapshot pruned meanwhile is left."""
    root = workspace.root
    for name in _FILES:
        if (root / name).is_file():
            yield name, root / name
    for folder in _FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield str(path.relative_to(root)), path
    for name in ("imports.jsonl", "accepted.json"):
        if (workspace.books_dir / name).is_file():
            yield f"books/{name}", workspace.books_dir / name
    for path in sorted(snapshots_dir(workspace).glob("[!.]*/*")):
        if path.is_file():
            yield str(path.relative_to(root)), path


def _save_database(target: Path) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(target)])
        return
    copy_out(target)


def _read_about(archive: tarfile.TarFile, file: Path) -> About:
    try:
        member = archive.extractfile(_ABOUT)
        about = About(**json.loads(member.read() if member else b""))
    except (KeyError, TypeError, ValueError) as error:
        raise BackupError(f"{file}: is no backup of a workspace") from error
    unknown = {tuple(each) for each in about.migrations} - known_migrations()
    if about.form > FORM or unknown:
        raise BackupError(
            f"{file}: is of a newer Counterpoise, {about.version}; restore it with that or a "
            "later version"
        )
    if about.database != connection.vendor:
        raise BackupError(
            f"{file}: its database is of {about.database}, this room's of {connection.vendor}; "
            "set `database` in [room] of counterpoise.toml to the same"
        )
    behind = applied_migrations() - {(each[0], each[1]) for each in about.migrations}
    if about.database == "postgresql" and behind:
        raise BackupError(
            f"{file}: is of Counterpoise {about.version}; restore it with that version, then "
            "run `counterpoise upgrade` with this one"
        )
    return about


def _put_snapshots(workspace: Workspace, folder: Path) -> None:
    target = snapshots_dir(workspace)
    target.mkdir(parents=True, exist_ok=True)
    for made in sorted((folder / "books" / "snapshots").glob("*")):
        if not (target / made.name).exists():
            made.rename(target / made.name)


def _put_files(workspace: Workspace, folder: Path) -> None:
    """Put settings and agreements back; those that the backup does not know are set aside."""
    aside = workspace.root / "replaced" / timezone.now().strftime("%Y%m%d-%H%M%S")
    for name in _FOLDERS:
        there = workspace.root / name
        if there.is_dir():
            aside.mkdir(parents=True, exist_ok=True)
            shutil.copytree(there, aside / name, dirs_exist_ok=True)
        for path in sorted(there.rglob("*")):
            if path.is_file() and not (folder / path.relative_to(workspace.root)).exists():
                path.unlink()
        if (folder / name).is_dir():
            shutil.copytree(folder / name, there, dirs_exist_ok=True)
    for name in (*_FILES, "books/imports.jsonl", "books/accepted.json"):
        if (folder / name).is_file():
            replace_text(workspace.root / name, (folder / name).read_text(encoding="utf-8"))


def _put_database(saved: Path, vendor: str) -> None:
    """Replace the database's content in one transaction, under the connections of others."""
    from counterpoise.web import guarding
    from counterpoise.web.audit import guards, heads

    if vendor == "sqlite":
        _copy_sqlite(saved)
    else:
        with transaction.atomic():
            guards.remove(connection)
            guarding.lift(connection)
            copy_in(saved)
            guarding.install(connection)
            guards.install(connection)
    heads.forget()
    call_command("migrate", interactive=False, verbosity=0)


def _copy_sqlite(saved: Path) -> None:
    """Copy page by page by SQLite's own means: others see the old content or the new."""
    own = connections.databases["default"]
    connections.databases[_RESTORED] = {**own, "NAME": str(saved), "OPTIONS": {}}
    try:
        source: Any = connections[_RESTORED]
        source.ensure_connection()
        connection.ensure_connection()
        source.connection.backup(connection.connection)
    finally:
        connections[_RESTORED].close()
        del connections.databases[_RESTORED]


def _note_restoring(about: About) -> bool:
    """Begin the trail anew where the backup ends; tell whether the keys here are those of it."""
    from counterpoise.web.audit.entries import record
    from counterpoise.web.audit.verifying import ends_by_our_key

    with transaction.atomic():
        keys_fit = ends_by_our_key()
        record(None, "room.restored", "room:backup", {"made_at": about.made_at})
    return keys_fit


def _secrets() -> Path:
    from django.conf import settings

    folder: Path = settings.SECRETS_DIR
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))


@contextmanager
def _writing(file: Path) -> Iterator[tarfile.TarFile]:
    """Give an archive to fill; it takes its name once it is whole, for its owner alone."""
    made = file.with_name(f".{file.name}.{os.getpid()}.making")
    try:
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=1) as archive:
                yield archive
            stream.flush()
            os.fsync(stream.fileno())
        made.rename(file)
    except OSError as error:
        raise BackupError(f"{file}: cannot be written: {error.strerror}") from error
    finally:
        made.unlink(missing_ok=True)


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(file, mode="r:gz") as archive:
            yield archive
    except (OSError, tarfile.TarError) as error:
        raise BackupError(f"{file}: cannot be read as a backup: {error}") from error


@contextmanager
def _scratch(near: Path) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=".backup-", dir=near))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
