"""A table of a source: what readers make of it and what callers see."""

from dataclasses import dataclass, field
from pathlib import Path

from counterpoise.books.quoting import quoted
from counterpoise.books.sources.lines import Lines


@dataclass(frozen=True)
class SourceTable:
    """A table of a source, ready to be queried as `relation`.

    `typed` tells that columns carry the types of their source; in an untyped table every column
    is text, trimmed, with NULL for blanks. Text columns of a typed table are trimmed as well.
    `line_offset` is the 1-based line of the file on which the rows begin; `lines` knows the line
    of each, past quotes that span lines and rows that were set aside. `repeated` has the names
    that stood in the header again, each with the one that its column got instead.
    """

    name: str
    columns: tuple[str, ...]
    relation: str
    typed: bool
    location: str
    line_offset: int
    rows: int
    lines: Lines
    repeated: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Reading:
    """How to read one table: the query over its file, and the facts found on the way."""

    name: str
    columns: tuple[str, ...]
    query: str
    typed: bool
    location: str
    line_offset: int
    lines: Lines
    rows: int
    content: str  # SHA-256 of what was read
    files: tuple[Path, ...] = field(default=())  # what the query reads outside the scratch folder
    repeated: tuple[tuple[str, str], ...] = ()

    @property
    def relation(self) -> str:
        """Return the table's name in SQL."""
        return f"source.{quoted(self.name)}"

    def table(self) -> SourceTable:
        """Return what callers see."""
        return SourceTable(
            name=self.name,
            columns=self.columns,
            relation=self.relation,
            typed=self.typed,
            location=self.location,
            line_offset=self.line_offset,
            rows=self.rows,
            lines=self.lines,
            repeated=self.repeated,
        )
