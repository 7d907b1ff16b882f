"""The tables under examination, and what was found: rows to set aside, values to blank."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterpoise.books.problems import Rule, Suggestion
from counterpoise.books.quoting import literal, quoted
from counterpoise.books.schema import Column
from counterpoise.books.staged import ROW, UNREAD, Staged, parquet

if TYPE_CHECKING:
    import duckdb


@dataclass
class Examination:
    """Staged tables, open in a connection of their own.

    Findings stand in two tables of the connection: `aside` (rows that cannot be used, each with
    the first rule that it broke) and `blank` (values that stand for nothing).
    """

    connection: duckdb.DuckDBPyConnection
    tables: Mapping[str, Staged]
    currency: str
    suggestions: list[Suggestion] = field(default_factory=list)
    foreign_currencies: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Open the tables and begin without findings."""
        self.connection.execute(
            "CREATE OR REPLACE TABLE aside (table_name VARCHAR, row BIGINT, rule VARCHAR)"
        )
        self.connection.execute(
            "CREATE OR REPLACE TABLE blank (table_name VARCHAR, column_name VARCHAR, row BIGINT)"
        )
        for staged in self.tables.values():
            self.connection.execute(
                f"CREATE OR REPLACE VIEW {quoted(staged.name)} AS FROM {staged.relation}"
            )

    def has(self, table: str, *columns: str) -> bool:
        """Tell whether the source had the table with these columns, and rows in it."""
        staged = self.tables.get(table)
        return staged is not None and staged.rows > 0 and set(columns) <= set(staged.present)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Run a query and return its rows."""
        return self.connection.execute(query).fetchall()

    def row(self, query: str) -> tuple[Any, ...]:
        """Run a query and return its only row."""
        (only,) = self.rows(query)
        return only

    def write(self, query: str, path: Path, columns: int) -> None:
        """Write the rows of a query with so many columns to a file."""
        self.connection.execute(f"COPY ({query}) TO {literal(str(path))} {parquet(columns)}")

    def set_aside(self, table: str, rule: Rule, rows: str) -> int:
        """Set aside rows in use whose numbers a query gives, and count them."""
        return self._count(
            f"INSERT INTO aside SELECT {literal(table)}, n, {literal(rule)} "
            f"FROM (SELECT DISTINCT n FROM ({rows}) AS found(n)) WHERE n NOT IN ({aside_of(table)})"
        )

    def blank(self, table: str, column: str, rows: str) -> int:
        """Blank a column in the rows whose numbers a query gives, and count them."""
        return self._count(
            f"INSERT INTO blank SELECT {literal(table)}, {literal(column)}, n "
            f"FROM ({rows}) AS found(n)"
        )

    def example(self, table: str, row: int, columns: Iterable[str] = ()) -> str:
        """Say where a row stands, what its key is and what it holds in these columns."""
        staged = self.tables[table]
        shown = dict.fromkeys((*staged.table.key, *columns))
        items = ", ".join(f"CAST({self._shown(staged, name)} AS VARCHAR)" for name in shown)
        values = self.row(f"SELECT {items} FROM {quoted(table)} WHERE {ROW} = {row}")
        pairs = zip(shown, values, strict=True)
        says = ", ".join(f"{name} {_short(value)}" for name, value in pairs if value is not None)
        return staged.place.says(row) + says

    def _shown(self, staged: Staged, name: str) -> str:
        if name in staged.unread:
            unread = quoted(UNREAD + name)
            return f"coalesce({unread}, CAST({quoted(name)} AS VARCHAR))"
        return quoted(name)

    def _count(self, insert: str) -> int:
        (count,) = self.row(insert)
        return int(count)


def _short(value: str) -> str:
    """Return a value without the places and the midnight that its type adds."""
    whole, point, places = value.partition(".")
    if point and places.isdigit() and whole.lstrip("-").isdigit():
        return f"{whole}.{places}".rstrip("0").rstrip(".")
    return value.removesuffix(" 00:00:00")


def aside_of(table: str) -> str:
    """Return a query for the numbers of the rows of a table that are set aside."""
    return f"SELECT row FROM aside WHERE table_name = {literal(table)}"


def in_use(table: str) -> str:
    """Return SQL of a table's rows that are not set aside."""
    return f"(SELECT * FROM {quoted(table)} WHERE {ROW} NOT IN ({aside_of(table)}))"


def reference_columns(staged: Staged) -> Iterable[Column]:
    """Return the columns of a table, present in the source, that point at another table's key."""
    for column in staged.table.columns:
        if column.references is not None and column.name in staged.present:
            yield column
