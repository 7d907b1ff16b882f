"""The `[room]` part of a workspace's settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from counterpoise.books import Workspace, WorkspaceError, unknown
from counterpoise.web.outside import Mail, Oidc

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class RoomOptions(BaseModel):
    """What an installation may set; the defaults serve one machine on loopback."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database: str = "sqlite"
    """`sqlite`, or an address such as `postgresql://room:${PASSWORD}@db/room`."""
    hosts: tuple[str, ...] = _LOOPBACK
    """Names under which browsers reach the room."""
    origins: tuple[str, ...] = ()
    """Origins of the room behind a proxy, such as `https://room.example.com`."""
    secrets: str | None = None
    """The folder of keys; `secrets/` in the workspace when left out."""
    workers: Annotated[int, Field(ge=1, le=64)] = 2
    """How many processes answer pages."""
    calls_a_minute: Annotated[int, Field(ge=1)] = 1200
    """How often one token may call the API."""

    proxies: Annotated[int, Field(ge=0, le=9)] = 0
    """How many proxies of ours stand before the room and say who asks (X-Forwarded-For)."""
    oidc: Oidc | None = None
    """The company's own sign-in; passwords alone when left out."""
    mail: Mail | None = None
    """Where mail is handed over; nothing is mailed when left out."""

    sources: tuple[str, ...] = ()
    """Folders and databases that may be imported, beside those that administrators allow."""
    log: Literal["info", "warning", "error"] = "warning"
    """What is told: every request, or only what is slow or went wrong."""
    upload_mb: Annotated[int, Field(ge=1)] = 2048
    """How much may be brought at a time."""

    @classmethod
    def of(cls, workspace: Workspace) -> RoomOptions:
        """Read the options of a workspace.

        Raises:
            WorkspaceError: If one is unknown, with the nearest, or cannot be used.
        """
        try:
            return cls.model_validate(workspace.room)
        except ValidationError as error:
            raise WorkspaceError(f"{workspace.settings_file}: {_said(error)}") from error

    @property
    def is_behind_https(self) -> bool:
        """Tell whether browsers reach the room by https alone."""
        return bool(self.origins) and all(each.startswith("https://") for each in self.origins)

    def secrets_dir(self, workspace: Workspace) -> Path:
        """Return the folder of keys."""
        return Path(self.secrets) if self.secrets else workspace.secrets_dir


def _said(error: ValidationError) -> str:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return _unknown(first["loc"])
    return f"room.{name}: {first['msg']}"


def _unknown(where: tuple[int | str, ...]) -> str:
    parts: dict[str, type[BaseModel]] = {"oidc": Oidc, "mail": Mail}
    if len(where) > 1 and (part := parts.get(str(where[0]))):
        return unknown(f"setting of [room.{where[0]}]", str(where[1]), part.model_fields)
    return unknown("setting of [room]", str(where[0]), RoomOptions.model_fields)
