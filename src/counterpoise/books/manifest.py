"""A snapshot's manifest: what was imported, how much of it, and what is wrong with it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from counterpoise.books.durable import replace_text
from counterpoise.books.problems import Problem, Rule, Suggestion
from counterpoise.books.schema import SCHEMA_VERSION, Kind
from counterpoise.errors import CounterpoiseError

MANIFEST = "manifest.json"
FORM = "counterpoise/snapshot/v1"


class ManifestError(CounterpoiseError):
    """A snapshot's manifest cannot be read."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}; import the source again to make the snapshot anew")


@dataclass(frozen=True)
class SourceFacts:
    """Where a snapshot came from."""

    fingerprint: str
    adapter: str
    name: str


@dataclass(frozen=True)
class TableFacts:
    """How many rows of a table are in use and set aside, and which columns the source had."""

    rows: int
    set_aside: int = 0
    attributes: Mapping[str, Kind] = field(default_factory=dict)
    columns_present: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """All that a snapshot says of itself; the same input gives the same manifest."""

    snapshot: str
    source: SourceFacts
    currency: str
    time_zone: str
    tables: Mapping[str, TableFacts]
    foreign_currencies: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    schema_version: int = SCHEMA_VERSION

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read the manifest of the snapshot in `folder`.

        Raises:
            ManifestError: when it is missing, broken or of another version.
        """
        path = folder / MANIFEST
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
            _check_version(path, facts)
            return _from_json(facts)
        except OSError as error:
            raise ManifestError(path, f"cannot be read: {error.strerror}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise ManifestError(path, f"is no manifest of a snapshot: {error}") from error

    def write(self, folder: Path) -> None:
        """Write the manifest into `folder`."""
        text = json.dumps(_to_json(self), indent=1, ensure_ascii=False)
        replace_text(folder / MANIFEST, text + "\n")


def _check_version(path: Path, facts: dict[str, Any]) -> None:
    found = facts["schema_version"]
    if facts["schema"] != FORM or found != SCHEMA_VERSION:
        raise ManifestError(
            path, f"is of version {facts['schema']} {found}, this program reads {SCHEMA_VERSION}"
        )


def _to_json(manifest: Manifest) -> dict[str, Any]:
    facts = dataclasses.asdict(manifest)
    head = {key: facts.pop(key) for key in ("snapshot",)}
    version = facts.pop("schema_version")
    return {"schema": FORM, "schema_version": version, **head, **facts}


def _from_json(facts: dict[str, Any]) -> Manifest:
    return Manifest(
        snapshot=facts["snapshot"],
        source=SourceFacts(**facts["source"]),
        currency=facts["currency"],
        time_zone=facts["time_zone"],
        tables={name: _table_facts(table) for name, table in facts["tables"].items()},
        foreign_currencies=tuple(facts["foreign_currencies"]),
        problems=tuple(
            Problem(**each | {"rule": Rule(each["rule"])}) for each in facts["problems"]
        ),
        suggestions=tuple(Suggestion(**each) for each in facts["suggestions"]),
        schema_version=facts["schema_version"],
    )


def _table_facts(table: dict[str, Any]) -> TableFacts:
    return TableFacts(
        rows=table["rows"],
        set_aside=table["set_aside"],
        attributes={name: Kind(kind) for name, kind in table["attributes"].items()},
        columns_present=tuple(table["columns_present"]),
    )
