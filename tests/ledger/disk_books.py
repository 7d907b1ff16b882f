"""Books on disk: snapshots written from rows or from files in the canonical form."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from counterpoise.books.books import Books
from counterpoise.books.manifest import Manifest, SourceFacts, TableFacts
from counterpoise.books.schema import TABLES, Kind
from counterpoise.books.workspace import Workspace

Row = Mapping[str, Any]

_READ: Mapping[Kind, Callable[[str], Any]] = {
    Kind.TEXT: str,
    Kind.INTEGER: int,
    Kind.NUMBER: Decimal,
    Kind.MONEY: Decimal,
    Kind.RATE: Decimal,
    Kind.BOOLEAN: lambda text: text == "true",
    Kind.DAY: dt.date.fromisoformat,
    Kind.INSTANT: dt.datetime.fromisoformat,
}


def books_of(root: Path, tables: Mapping[str, Iterable[Row]], currency: str = "USD") -> Books:
    """Write tables as the snapshot in use of a new workspace, and open it."""
    workspace = Workspace.create(root, currency)
    folder = workspace.books_dir / "snapshots" / "made"
    folder.mkdir(parents=True)
    facts = {name: _write(folder, name, list(rows)) for name, rows in tables.items()}
    deals = list(tables.get("deals", ()))
    foreign = {row.get("currency") for row in deals} - {None, currency}
    Manifest(
        snapshot="made",
        source=SourceFacts("none", "canonical", "rows"),
        currency=currency,
        time_zone="UTC",
        tables=facts,
        foreign_currencies=tuple(sorted(filter(None, foreign))),
    ).write(folder)
    (workspace.books_dir / "current").write_text("made\n")
    return Books.open(workspace)


def read_export(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Read a folder of clean CSV files in the canonical form."""
    return {
        file.stem: [
            _typed(file.stem, row)
            for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines())
        ]
        for file in sorted(folder.glob("*.csv"))
    }


def _typed(table: str, row: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: _READ[TABLES[table].column(name).kind](text) if text else None
        for name, text in row.items()
    }


def _write(folder: Path, name: str, rows: list[Row]) -> TableFacts:
    columns = TABLES[name].columns
    arrays = [
        pa.array([row.get(column.name) for row in rows], type=column.kind.dtype.to_pyarrow())
        for column in columns
    ]
    pq.write_table(
        pa.Table.from_arrays(arrays, names=TABLES[name].names), folder / f"{name}.parquet"
    )
    return TableFacts(rows=len(rows), columns_present=TABLES[name].names)
