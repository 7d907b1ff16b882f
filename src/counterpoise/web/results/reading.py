"""Read the review that pages show."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from counterpoise.books.kept_tables import KeptTables
from counterpoise.books.snapshot import current_snapshot
from counterpoise.web import house
from counterpoise.web.results.keeping import ABOUT, CRACKS, REVIEW, latest_key, reviews_dir


@dataclass(frozen=True)
class KeptReview:
    """A review that was kept: what it says, and where the deals behind it are."""

    folder: Path
    key: str
    snapshot: str
    as_of: dt.date
    made_at: dt.datetime
    fiscal_year_starts: int
    measured_by: str = ""
    """One word for the agreements that it was made under."""

    @cached_property
    def object(self) -> dict[str, Any]:
        """Return the review as the contract has it (`counterpoise/review/v1`); do not change it."""
        found: dict[str, Any] = json.loads((self.folder / REVIEW).read_text(encoding="utf-8"))
        return found

    @property
    def json(self) -> str:
        """Return the review's JSON as the command prints it."""
        return (self.folder / REVIEW).read_text(encoding="utf-8")

    @cached_property
    def watch(self) -> dict[str, Any]:
        """Return what the watch found, with evidence (`results.evidence`); do not change it."""
        try:
            found: dict[str, Any] = json.loads((self.folder / CRACKS).read_text(encoding="utf-8"))
        except FileNotFoundError:  # an earlier program kept none
            return {"questions": 0, "watched": [], "cracks": []}
        return found

    def measure(self, name: str) -> JsonValue:
        """Return the figures of a measure; None where an earlier program kept none."""
        if name not in self._measures:
            self._measures[name] = _read_measure(self.folder, name)
        return self._measures[name]

    @cached_property
    def _measures(self) -> dict[str, JsonValue]:
        return {}

    @cached_property
    def tables(self) -> KeptTables:
        """Return `deals`, their campaigns (`deal_campaigns`), `crack_rows`, tables of measures."""
        return KeptTables(self.folder)

    @property
    def is_behind(self) -> bool:
        """Tell whether other books are in use by now, so that a newer review is on its way."""
        return current_snapshot(house.workspace()) != self.snapshot


def latest() -> KeptReview | None:
    """Return the review that pages show, or None before the first."""
    workspace = house.workspace()
    key = latest_key(workspace)
    return None if key is None else _opened(reviews_dir(workspace) / key)


@lru_cache(maxsize=2)
def _opened(folder: Path) -> KeptReview:
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    return KeptReview(
        folder=folder,
        key=about["key"],
        snapshot=about["snapshot"],
        as_of=dt.date.fromisoformat(about["as_of"]),
        made_at=dt.datetime.fromisoformat(about["made_at"]),
        fiscal_year_starts=about["fiscal_year_starts"],
        measured_by=about.get("measured_by", ""),
    )


def _read_measure(folder: Path, name: str) -> JsonValue:
    try:
        found: JsonValue = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return found
