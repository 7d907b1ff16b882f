"""Keys of a workspace, each in a file of its own, never in a database."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

_BYTES = 48


def read_key(folder: Path, name: str) -> str:
    """Return a key, made at random when first asked for; only the owner may read its file.

    Two processes that ask at once get the same key: a complete file takes its name or loses.
    """
    file = folder / name
    if not file.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = folder / f".{name}.{os.getpid()}"
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as opened:
            opened.write(secrets.token_urlsafe(_BYTES))
            opened.flush()
            os.fsync(opened.fileno())
        with contextlib.suppress(FileExistsError):
            file.hardlink_to(made)
        made.unlink()
    return file.read_text(encoding="ascii").strip()
