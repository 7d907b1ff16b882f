"""Where a row of a table stands in its source: file and line."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from counterpoise.books.quoting import literal


@dataclass(frozen=True)
class Place:
    """Where the rows of a table stand: row 0 at `first_line` of `file`, one line a row.

    `left_out` are lines of the file that hold no row of the table, in order. Without `file`,
    rows have no place of their own: an adapter made them of several.
    """

    file: str | None = None
    first_line: int = 0
    left_out: tuple[int, ...] = ()

    def line(self, row: int) -> int:
        """Return the line of a row.

        >>> Place("deals.csv", 2, (3, 5)).line(2)
        6
        """
        return row + self.first_line + bisect_right(self._rows_before, row)

    def line_sql(self, row: str) -> str:
        """Return SQL of the line of a row."""
        if self.file is None:
            return "CAST(NULL AS BIGINT)"
        skipped = f" + len(list_filter({list(self._rows_before)}, lambda n: n <= {row}))"
        return f"{row} + {self.first_line}{skipped if self.left_out else ''}"

    def file_sql(self) -> str:
        """Return SQL of the file's name."""
        return "CAST(NULL AS VARCHAR)" if self.file is None else literal(self.file)

    def says(self, row: int) -> str:
        """Return where a row stands as the start of a message, or nothing.

        >>> Place("deals.csv", 2).says(10)
        'deals.csv:12: '
        """
        return "" if self.file is None else f"{self.file}:{self.line(row)}: "

    @property
    def _rows_before(self) -> tuple[int, ...]:
        """Return, for each line left out, the first row that stands after it."""
        return tuple(line - self.first_line - number for number, line in enumerate(self.left_out))
