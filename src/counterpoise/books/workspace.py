"""The workspace: the folder that holds an agreement, its books and their settings."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from counterpoise.books.currencies import CURRENCIES
from counterpoise.books.spelling import unknown
from counterpoise.errors import CounterpoiseError

SETTINGS = "counterpoise.toml"
EMBEDDED_ENGINE = "duckdb://"
_DEFAULTS = {"currency": "USD", "time_zone": "UTC", "engine": EMBEDDED_ENGINE, "people": "names"}
_OPTIONAL = ("approvals_from", "room")
_TEXT = """\
# The workspace's settings. Amounts without a currency of their own are in this one.
currency = "{currency}"
# Times without an offset are wall time here; days begin and end here.
time_zone = "{time_zone}"
# Where measures run: the engine inside, or a database or Spark by address.
engine = "duckdb://"
# How people stand in reviews: "names", or "pseudonyms" such as Rep A7K.
people = "names"
"""


class PeopleShown(StrEnum):
    """How people stand in reviews and on pages."""

    NAMES = "names"
    PSEUDONYMS = "pseudonyms"


class WorkspaceError(CounterpoiseError):
    """A folder is no workspace, or its settings cannot be used."""


@dataclass(frozen=True)
class Workspace:
    """A workspace's settings and where its parts lie.

    Amounts are in `currency` unless a row names another; times are wall time of `time_zone`.
    """

    root: Path
    currency: str
    time_zone: str
    engine: str = EMBEDDED_ENGINE
    people: PeopleShown = PeopleShown.NAMES
    approvals_from: dt.date | None = None
    """The day from which on approvals are on record, where the books cannot tell."""
    room: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """The table `[room]` as it is written; the room checks it."""

    @classmethod
    def open(cls, path: Path | str = ".") -> Workspace:
        """Read the settings of the workspace at `path`.

        Raises:
            WorkspaceError: when there is none, or a setting is unknown or cannot be used.
        """
        root = Path(path).resolve()
        settings = _DEFAULTS | _read_settings(root / SETTINGS)
        _check(root / SETTINGS, settings)
        people = PeopleShown(settings.pop("people"))
        since = settings.pop("approvals_from", None)
        approvals_from = dt.date.fromisoformat(since) if since else None
        return cls(root, people=people, approvals_from=approvals_from, **settings)

    @classmethod
    def create(cls, path: Path | str, currency: str = "USD", time_zone: str = "UTC") -> Workspace:
        """Make an empty workspace at `path`, a new or empty folder.

        Raises:
            WorkspaceError: when the folder holds anything, or a setting cannot be used.
        """
        root = Path(path).resolve()
        _check(root / SETTINGS, {"currency": currency, "time_zone": time_zone})
        workspace = cls(root, currency, time_zone)
        try:
            _refuse_filled(root)
            for folder in (workspace.books_dir, workspace.agreements_dir):
                folder.mkdir(parents=True)
            text = _TEXT.format(currency=currency, time_zone=time_zone)
            workspace.settings_file.write_text(text, encoding="utf-8")
        except OSError as error:
            raise WorkspaceError(
                f"{root}: cannot make a workspace here: {error.strerror}; "
                "choose a folder that you may write"
            ) from error
        return workspace

    @property
    def settings_file(self) -> Path:
        """Return where currency, time zone and engine are set."""
        return self.root / SETTINGS

    @property
    def agreement_file(self) -> Path:
        """Return where the draft agreement lies."""
        return self.root / "agreement.yaml"

    @property
    def agreements_dir(self) -> Path:
        """Return where ratified agreements lie."""
        return self.root / "agreements"

    @property
    def books_dir(self) -> Path:
        """Return where imports put their snapshots."""
        return self.root / "books"

    @property
    def database_file(self) -> Path:
        """Return the room's own database."""
        return self.root / "counterpoise.sqlite3"

    @property
    def secrets_dir(self) -> Path:
        """Return the folder of keys, which may lie elsewhere."""
        return Path(str(self.room.get("secrets") or self.root / "secrets"))


def _read_settings(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise WorkspaceError(
            f"{path.parent}: no workspace here, {path.name} is missing; name one with -w, "
            "or make one with `counterpoise new DIR`"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WorkspaceError(f"{path}: cannot be read as TOML: {error}") from error
    except OSError as error:
        raise WorkspaceError(f"{path}: cannot be read: {error.strerror}") from error


def _check(path: Path, settings: dict[str, Any]) -> None:
    known = [*_DEFAULTS, *_OPTIONAL]
    for name, value in settings.items():
        if name not in known:
            raise WorkspaceError(f"{path}: {unknown('setting', name, known)}")
        if name == "room":
            if not isinstance(value, dict):
                raise WorkspaceError(f"{path}: room = {value!r} is not a table; write [room]")
            continue
        if not isinstance(value, str):
            raise WorkspaceError(f"{path}: {name} = {value!r} is not text; put it in quotes")
    currency, zone = settings["currency"], settings["time_zone"]
    if currency not in CURRENCIES:
        raise WorkspaceError(f"{path}: {unknown('currency', currency, CURRENCIES)}")
    if zone not in (zones := available_timezones()):
        raise WorkspaceError(f"{path}: {_unknown_zone(zone, zones)}")
    people = settings.get("people", "names")
    if people not in (shown := [*PeopleShown]):
        raise WorkspaceError(f"{path}: {unknown('way to show people', people, shown)}")
    _check_day(path, settings.get("approvals_from"))
    if "://" not in settings.get("engine", EMBEDDED_ENGINE):
        raise WorkspaceError(
            f"{path}: engine = {settings['engine']!r} is not an address; "
            f"write one such as {EMBEDDED_ENGINE!r}"
        )


def _unknown_zone(zone: str, zones: Iterable[str]) -> str:
    """Say that a time zone is unknown; a city alone stands for the zone that ends with it."""
    wanted = zone.strip().lower().replace(" ", "_")
    cities = sorted(each for each in zones if each.lower().rpartition("/")[2] == wanted)
    if cities:
        return f"unknown time zone {zone!r}; the nearest is {cities[-1]!r}"
    return unknown("time zone", zone, sorted(zones))


def _check_day(path: Path, since: str | None) -> None:
    try:
        if since is not None:
            dt.date.fromisoformat(since)
    except ValueError as error:
        raise WorkspaceError(
            f"{path}: approvals_from = {since!r} is not a day; write one such as '2026-07-01'"
        ) from error


def _refuse_filled(root: Path) -> None:
    if root.exists() and not root.is_dir():
        raise WorkspaceError(f"{root}: is a file; name a folder for the workspace")
    if root.is_dir() and (names := sorted(path.name for path in root.iterdir())):
        raise WorkspaceError(
            f"{root}: is not empty (it holds {names[0]}); name a new folder for the workspace"
        )
