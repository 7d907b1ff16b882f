"""What a TABLE.sql gave, and the canonical table that is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterpoise.books.adapters.staging import NO_ATTRIBUTE, SCHEMA
from counterpoise.books.quoting import quoted
from counterpoise.books.schema import TABLES

if TYPE_CHECKING:
    import duckdb

    from counterpoise.books.sources import SourceTable

MAPPED = "mapped"
"""The schema of the source's connection that holds the canonical tables."""


@dataclass(frozen=True)
class MappedTable:
    """A canonical table of a source: a relation in its connection.

    `columns` are canonical names and, as written, the names of attributes. With `provenance`,
    row n is row n of that source table.
    """

    table: str
    relation: str
    columns: tuple[str, ...]
    provenance: SourceTable | None


@dataclass(frozen=True)
class Made:
    """The rows that a TABLE.sql gave, kept in a table whose columns are `c0`, `c1` and so on."""

    cursor: duckdb.DuckDBPyConnection
    table: str
    names: tuple[str, ...]

    @classmethod
    def by(
        cls, cursor: duckdb.DuckDBPyConnection, table: str, names: tuple[str, ...], sql: str
    ) -> Made:
        """Run the SQL and keep what it gives."""
        made = cls(cursor, table, names)
        columns = ", ".join(made._places())
        cursor.execute(f"CREATE TABLE {made._relation} ({columns}) AS {sql}")
        return made

    def is_empty(self) -> bool:
        """Tell whether there is no row."""
        found = self.cursor.execute(f"SELECT 1 FROM {self._relation} LIMIT 1").fetchone()
        return found is None

    def has_rows_of(self, origin: SourceTable) -> bool:
        """Tell whether the rows are those of a source table, one by one and in order."""
        if "source_row" not in self.names:
            return False
        place = self._places()[self.names.index("source_row")]
        row = self.cursor.execute(
            f"SELECT count(*), coalesce(bool_and({place} = rowid + 1), true) FROM {self._relation}"
        ).fetchone()
        return row == (origin.rows, True)

    def mapped(self, provenance: SourceTable | None) -> MappedTable:
        """Make the canonical table: text trimmed, blanks NULL, no column without a value."""
        types = self.cursor.execute(f"DESCRIBE {self._relation}").fetchall()
        texts = {row[0] for row in types if row[1] == "VARCHAR"}
        kept = {place: name for place, name in self._columns().items() if name is not None}
        items = ", ".join(
            f"{_trimmed(place) if place in texts else place} AS {quoted(name)}"
            for place, name in kept.items()
        )
        relation = f"{MAPPED}.{quoted(self.table)}"
        self.cursor.execute(f"CREATE VIEW {relation} AS SELECT {items} FROM {self._relation}")
        return MappedTable(self.table, relation, tuple(kept.values()), provenance)

    def _columns(self) -> dict[str, str | None]:
        """Return the name of each column, or `None` for one that is not part of the table."""
        places = self._places()
        counts = ", ".join(f"count({place})" for place in places)
        row = self.cursor.execute(f"SELECT count(*), {counts} FROM {self._relation}").fetchone()
        rows, *filled = row or (0,)
        needed = {column.name for column in TABLES[self.table].columns if column.required}
        hidden = {"source_row", NO_ATTRIBUTE}
        return {
            place: name if name not in hidden and (count or not rows or name in needed) else None
            for place, name, count in zip(places, self.names, filled, strict=True)
        }

    def _places(self) -> list[str]:
        return [f"c{place}" for place in range(len(self.names))]

    @property
    def _relation(self) -> str:
        return f"{SCHEMA}.{quoted(f'{self.table} made')}"


def _trimmed(column: str) -> str:
    return f"nullif(trim({column}), '')"
