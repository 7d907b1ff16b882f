"""Where a row of a table stands in its source: file and line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counterpoise.books.sources.lines import Lines


@dataclass(frozen=True)
class Place:
    """Where the rows of a table stand: in a file, each on its line.

    Without them, rows have no place of their own: an adapter made them of several.
    """

    file: str | None = None
    lines: Lines | None = None

    def line(self, row: int) -> int | None:
        """Return the line of a row, counted from 0."""
        return None if self.lines is None else self.lines.line(row)

    def says(self, row: int) -> str:
        """Return where a row stands as the start of a message, or nothing."""
        return "" if self.file is None else f"{self.file}:{self.line(row)}: "
