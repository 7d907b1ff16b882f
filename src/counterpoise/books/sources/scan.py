"""The query that reads a well-formed delimited file, every option said."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from counterpoise.books.quoting import literal
from counterpoise.books.sources.survey import BLANKS
from counterpoise.books.sources.trimming import Padding, Trimmed, padding_of, trimmed

_LONGEST_LINE = 8_000_000  # bytes
_BUFFER = 4 * _LONGEST_LINE  # DuckDB would take four times as much


@dataclass(frozen=True)
class Scan:
    """A delimited file and how it is told to be read.

    DuckDB loses its place in files with line ends inside quotes when it reads them in parallel:
    only files without them may be.
    """

    path: Path
    delimiter: str
    width: int
    header_line: int | None = None  # None: there is no header
    is_parallel: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns in the scan."""
        return tuple(f"c{number}" for number in range(self.width))

    @property
    def relation(self) -> str:
        """Return the scan as SQL."""
        listed = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in self.columns)
        options = {
            "auto_detect": "false",
            "header": "false" if self.header_line is None else "true",
            "skip": str((self.header_line or 1) - 1),
            "delim": literal(self.delimiter),
            "quote": "'\"'",
            "escape": "'\"'",
            "hive_partitioning": "false",
            "max_line_size": str(_LONGEST_LINE),
            "buffer_size": str(_BUFFER),
            "parallel": "true" if self.is_parallel else "false",
            "columns": f"{{{listed}}}",
        }
        if self.header_line is None:
            options["new_line"] = r"'\n'"  # a copy; elsewhere this option loses rows
        written = ", ".join(f"{name} = {value}" for name, value in options.items())
        return f"read_csv({literal(as_pattern(self.path))}, {written})"

    def padding(
        self, connection: duckdb.DuckDBPyConnection, blanks: frozenset[str] = frozenset(BLANKS)
    ) -> Padding:
        """Read the whole file once; `blanks` are those beyond a space that may stand in it.

        Raises:
            duckdb.InvalidInputException: Some row is no row of this width.
        """
        return padding_of(connection, self.relation, self._texts, blanks)

    def trimmed(
        self,
        connection: duckdb.DuckDBPyConnection,
        names: tuple[str, ...],
        padding: Padding,
    ) -> Trimmed:
        """Return the query for the trimmed rows under the names that callers see."""
        return trimmed(connection, self.relation, self._texts, names, padding)

    @property
    def _texts(self) -> dict[str, bool]:
        return dict.fromkeys(self.columns, True)


def as_pattern(path: Path) -> str:
    """Return a path as a pattern that matches nothing else.

    >>> as_pattern(Path("deals [1].csv"))
    'deals [[]1].csv'
    """
    return "".join(f"[{letter}]" if letter in "[*?" else letter for letter in str(path))
