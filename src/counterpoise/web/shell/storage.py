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
        address, stamp = super().url(name), _stamp(name)
        return f"{address}?v={stamp}" if stamp else address


@lru_cache(maxsize=512)
def _stamp(name: str | None) -> str | None:
    """Return the stamp of a file, read once: a page names seventy, and looking for one takes time.

    A program that runs keeps its files.
    """
    found = finders.find(name) if name else None
    if not isinstance(found, str):
        return None
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:10]
