"""Static files for serving: named by their content, so that browsers keep them for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def static_settings(folder: Path | str) -> dict[str, Any]:
    """Return Django's settings for static files that are gathered in a folder."""
    return {
        "STATIC_ROOT": str(folder),
        "STORAGES": {
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
        },
        "WHITENOISE_USE_FINDERS": False,
    }


def fingerprint_of(files: Iterable[tuple[str, Path]]) -> str:
    """Return a sum of the files' names and contents."""
    found = hashlib.sha256()
    for name, file in sorted(files):
        found.update(name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()[:16]
