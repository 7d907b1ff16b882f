"""Addresses of static files that change with the files, so that browsers may keep them."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class StampedStorage(StaticFilesStorage):
    """Add a stamp of its content to the address of each file."""

    def url(self, name: str | None) -> str:
        """Return the address of a file; a file that is not there gets no stamp."""
        address = super().url(name)
        found = finders.find(name) if name else None
        if not isinstance(found, str):
            return address
        return f"{address}?v={_stamp(found, Path(found).stat().st_mtime_ns)}"


@lru_cache(maxsize=512)
def _stamp(file: str, changed_at: int) -> str:  # noqa: ARG001 - the time is part of the key
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()[:10]
