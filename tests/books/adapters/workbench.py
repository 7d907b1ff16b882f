"""What tests of adapters work with: sources and adapters written in the test, answers as rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from counterpoise.books.adapters import Adapter, MappedTable, find_adapter
from counterpoise.books.sources import Source, open_source

DEALS = "deal_id,outcome,created_at\nD1,won,2026-01-10\nD2,lost,2026-02-11\n"
TOML = (
    'name = "mine"\ntitle = "Mine"\n[tables.deals]\nneeds = ["deal_id", "outcome", "created_at"]\n'
)
SQL = "SELECT deal_id, outcome, created_at FROM deals"


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write a folder of text files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


@dataclass(frozen=True)
class Mapped:
    """A source as an adapter maps it."""

    source: Source
    adapter: Adapter
    tables: Mapping[str, MappedTable]

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """Return the rows of a canonical table, in order, as they are or some columns of them."""
        mapped = self.tables[table]
        listed = ", ".join(f'"{column}"' for column in columns or mapped.columns)
        return self.source.connection.execute(f"SELECT {listed} FROM {mapped.relation}").fetchall()

    def one(self, sql: str) -> Any:
        """Return the single row of a query over `mapped`, or its value if it is one."""
        (row,) = self.source.connection.execute(sql).fetchall()
        return row[0] if len(row) == 1 else row


def pairs(answer: Mapped, sql: str) -> dict[str, Any]:
    """Return the rows of a query with two columns as a dictionary."""
    return dict(answer.source.connection.execute(sql).fetchall())


class Facts(dict[str, Any]):
    """Figures of a real set that were computed from its files by another route, by id."""

    @classmethod
    def of(cls, dataset: str, shared: Path) -> Facts:
        """Read the figures of one set."""
        listed = json.loads((shared / "data" / "FACTS.json").read_text(encoding="utf-8"))
        return cls({one["id"]: one["value"] for one in listed if one["dataset"] == dataset})


@contextmanager
def mapped(folder: Path, adapter: str | Path | None = None) -> Iterator[Mapped]:
    """Open a folder as a source and map it."""
    with open_source(folder) as source:
        found = find_adapter(source, adapter)
        yield Mapped(source, found, found.apply(source))
