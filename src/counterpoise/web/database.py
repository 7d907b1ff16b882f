"""Where the room keeps what people do: SQLite in the workspace, or PostgreSQL by address."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import unquote, urlsplit

from counterpoise.books import Workspace, WorkspaceError

# Writers wait for each other instead of failing; connections stay, so that WAL does too.
_SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}


def database_settings(address: str, workspace: Workspace) -> dict[str, Any]:
    """Return Django's settings of the database; `${NAME}` in the address is of the environment.

    Raises:
        WorkspaceError: If the address is of another kind.
    """
    if address == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(workspace.database_file),
            "OPTIONS": _SQLITE_OPTIONS,
            "CONN_MAX_AGE": None,
        }
    parts = urlsplit(os.path.expandvars(address))
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise WorkspaceError(
            f"{workspace.settings_file}: room.database is neither `sqlite` nor an address such as "
            "postgresql://user:${PASSWORD}@host/name"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
