"""Files of tools: which kinds are kept, how large, and how they are given out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Protocol

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from counterpoise.errors import CounterpoiseError
from counterpoise.web.tools.editing import Brought
from counterpoise.web.tools.models import LONGEST_LINE

MOST_BYTES = 10 * 1024 * 1024
"""The largest file that is kept."""

_ZIP = (b"PK\x03\x04",)
_OFFICE = "application/vnd.openxmlformats-officedocument"
_KINDS: Mapping[str, tuple[str, tuple[bytes, ...]]] = MappingProxyType(
    {
        ".pdf": ("application/pdf", (b"%PDF-",)),
        ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
        ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
        ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
        ".docx": (f"{_OFFICE}.wordprocessingml.document", _ZIP),
        ".pptx": (f"{_OFFICE}.presentationml.presentation", _ZIP),
        ".xlsx": (f"{_OFFICE}.spreadsheetml.sheet", _ZIP),
        ".odt": ("application/vnd.oasis.opendocument.text", _ZIP),
        ".odp": ("application/vnd.oasis.opendocument.presentation", _ZIP),
        ".ods": ("application/vnd.oasis.opendocument.spreadsheet", _ZIP),
        ".txt": ("text/plain; charset=utf-8", ()),
        ".csv": ("text/csv; charset=utf-8", ()),
    }
)
"""What a file is given out as, and how it begins. Nothing that a browser would run."""

KINDS = tuple(_KINDS)
_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'"


class FileRefusedError(CounterpoiseError, ValueError):
    """A file is of a kind or size that is not kept."""


def brought(upload: UploadedFile) -> Brought:
    """Read a file that somebody brings.

    Raises:
        FileRefusedError: If it is too large, of another kind, or not what its name says.
    """
    name = PurePosixPath((upload.name or "").replace("\\", "/")).name.strip()
    if not name or name.startswith(".") or any(ord(letter) < ord(" ") for letter in name):
        raise FileRefusedError("The file needs a name.")
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in _KINDS:
        raise FileRefusedError(f"{name} is of another kind; bring one of {', '.join(KINDS)}.")
    if (upload.size or 0) > MOST_BYTES:
        megabytes = MOST_BYTES // 1024 // 1024
        raise FileRefusedError(f"{name} is larger than {megabytes} MB; link to it instead.")
    content = upload.read()
    if not content:
        raise FileRefusedError(f"{name} is empty.")
    if not _is(content, suffix):
        raise FileRefusedError(f"{name} is not what its name says; save it anew as {suffix}.")
    return Brought(name[-LONGEST_LINE:], content)


class KeptFile(Protocol):
    """A file as the room keeps it."""

    name: str
    content: bytes | memoryview


def download(file: KeptFile) -> HttpResponse:
    """Give a file out as a download, of a type that its name alone decides."""
    suffix = PurePosixPath(file.name).suffix.lower()
    kind, _ = _KINDS.get(suffix, ("application/octet-stream", ()))
    response = HttpResponse(bytes(file.content), content_type=kind)
    disposition = content_disposition_header(as_attachment=True, filename=file.name)
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _is(content: bytes, suffix: str) -> bool:
    """Tell whether content begins as its kind does; text is text throughout."""
    _, beginnings = _KINDS[suffix]
    if beginnings:
        return content.startswith(beginnings)
    try:
        return "\x00" not in content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
