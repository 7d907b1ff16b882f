"""A canonical table as it was read, typed but unchecked: one Parquet file in the order of rows."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from counterpoise.books.places import Place
from counterpoise.books.problems import Problem
from counterpoise.books.quoting import literal
from counterpoise.books.schema import TABLES, Kind, Table, attribute_column

UNREAD = "unread__"
"""Before a column's name: the text of its values that could not be read."""

ROW = "row_no"
"""The number of a row in its staged table, from 0, in the order of the source."""


_MOST_ROWS, _MOST_CELLS, _MOST_WORDS = 122_880, 4_000_000, 8_192


def parquet(columns: int) -> str:
    """Return how a file of so many columns is written: in groups of rows that fit in memory."""
    rows = max(min(_MOST_ROWS, _MOST_CELLS // columns), 2_048)
    # Looking for repeated values is a fifth of the work; keys are given up sooner than by default.
    return (
        f"(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {rows}, "
        f"DICTIONARY_SIZE_LIMIT {_MOST_WORDS})"
    )


@dataclass(frozen=True)
class Staged:
    """A table as it was read: where its rows are, which columns the source had, what is odd."""

    name: str
    path: Path
    rows: int
    present: tuple[str, ...]
    attributes: Mapping[str, Kind]
    unread: tuple[str, ...]
    """Columns with a companion that holds the text of values that could not be read."""
    place: Place
    notes: tuple[Problem, ...] = ()

    @property
    def table(self) -> Table:
        """Return the table's definition."""
        return TABLES[self.name]

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns that its snapshot will have."""
        return (*self.table.names, *map(attribute_column, self.attributes))

    @property
    def relation(self) -> str:
        """Return SQL that reads the rows with their number."""
        file = literal(str(self.path))
        return (
            f"(SELECT * RENAME (file_row_number AS {ROW}) "
            f"FROM read_parquet({file}, file_row_number = true))"
        )

    def moved_to(self, path: Path) -> Staged:
        """Move the file to another place and say so."""
        shutil.move(self.path, path)
        return replace(self, path=path)
