"""Files that people bring: streamed to the disk of the workspace, no more than is allowed."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler

from counterpoise.books import Workspace
from counterpoise.errors import CounterpoiseError
from counterpoise.web import house
from counterpoise.web.books_room.snapshots import UPLOADS
from counterpoise.web.options import RoomOptions

KINDS = (".csv", ".tsv", ".txt", ".parquet", ".xlsx", ".xls", ".xlsb", ".ods", ".gz", ".zip")
_KEPT = 3


class _OnDisk(TemporaryUploadedFile):
    """A file that is written in the workspace, so that keeping it is giving it a name."""

    def __init__(self, name: Any, content_type: Any, size: int, charset: Any, extra: Any) -> None:
        folder = uploads_dir(house.workspace())
        file = tempfile.NamedTemporaryFile(prefix=".", suffix=".upload", dir=folder)  # noqa: SIM115
        UploadedFile.__init__(self, file, name, content_type, size, charset, extra)


class LimitedUpload(TemporaryFileUploadHandler):
    """Write what is brought to disk as it comes, and stop when it is more than allowed."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._most = RoomOptions.of(house.workspace()).upload_mb * 1024 * 1024
        self._sum = 0

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *rest: Any) -> None:  # noqa: N803
        """Refuse at once what says that it is too much; have a place for the rest."""
        if content_length and content_length > self._most:
            raise RequestDataTooBig(self._says())
        uploads_dir(house.workspace()).mkdir(mode=0o700, exist_ok=True)

    def new_file(self, *args: Any, **options: Any) -> None:
        """Begin a file, on the disk of the workspace."""
        FileUploadHandler.new_file(self, *args, **options)
        self.file = _OnDisk(
            self.file_name, self.content_type, 0, self.charset, self.content_type_extra
        )

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a part."""
        self._sum += len(raw_data)
        if self._sum > self._most:
            raise RequestDataTooBig(self._says())
        super().receive_data_chunk(raw_data, start)

    def _says(self) -> str:
        return f"More than {self._most // 1024 // 1024} MB; put the files into an allowed folder."


class UploadError(CounterpoiseError):
    """What was brought cannot be kept."""


def uploads_dir(workspace: Workspace) -> Path:
    """Return the folder of what people brought."""
    return workspace.root / UPLOADS


def keep_upload(files: Iterable[UploadedFile]) -> str:
    """Keep files in a folder of their own and return its name.

    Raises:
        UploadError: If there is none, or one of another kind or twice the same.
    """
    brought = list(files)
    names = [_checked(each.name or "") for each in brought]
    if not names:
        raise UploadError("Choose at least one file.")
    if len({name.lower() for name in names}) < len(names):
        raise UploadError("Two files have the same name; give each its own.")
    parent = uploads_dir(house.workspace())
    made = secrets.token_hex(8)
    folder = parent / f".{made}"
    folder.mkdir(parents=True, mode=0o700)
    for each, name in zip(brought, names, strict=True):
        _move(each, folder / name)
    folder.rename(parent / made)
    return made


def upload(name: str) -> Path | None:
    """Return the folder of an upload if it is still kept."""
    folder = uploads_dir(house.workspace()) / Path(name).name
    return folder if name and folder.is_dir() else None


def forget_old_uploads() -> None:
    """Remove all but the uploads brought last."""
    parent = uploads_dir(house.workspace())
    folders = [each for each in parent.glob("*") if each.is_dir() and each.name[0] != "."]
    folders.sort(key=lambda each: each.stat().st_mtime, reverse=True)
    for old in folders[_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


def _checked(name: str) -> str:
    plain = Path(name.replace("\\", "/")).name.strip()
    if not plain or plain.startswith(".") or any(ord(letter) < ord(" ") for letter in plain):
        raise UploadError(f"{plain!r} is no name of a file.")
    if Path(plain).suffix.lower() not in KINDS:
        raise UploadError(f"{plain}: of another kind; bring {', '.join(KINDS)}.")
    return plain


def _move(brought: UploadedFile, target: Path) -> None:
    written = getattr(brought, "temporary_file_path", None)
    if written is not None:
        shutil.move(written(), target)
        target.chmod(0o600)
        return
    with target.open("wb") as stream:
        for chunk in brought.chunks():
            stream.write(chunk)
