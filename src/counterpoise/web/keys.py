"""The keys of this room, from their folder outside the database."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from counterpoise.books.keys import read_key


def room_key(name: str) -> bytes:
    """Return a key of this room, made when first asked for, read anew after a restoring."""
    folder: Path = settings.SECRETS_DIR
    file = folder / name
    return _key(folder, name, file.stat().st_mtime_ns if file.exists() else 0)


@lru_cache(maxsize=8)
def _key(folder: Path, name: str, changed_at: int) -> bytes:  # noqa: ARG001 - the time is part of the key
    return read_key(folder, name).encode()
