"""Rows of a file that cannot be read as rows of its table: kept with their reason."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import duckdb

from counterpoise.books.quoting import literal
from counterpoise.books.sources.scratch import Scratch

RELATION = "aside.rows"
_LONGEST_TEXT = 2_000
_NAMES = ("table_name", "file", "line", "reason", "text")
_COLUMNS = (
    "{table_name: 'VARCHAR', file: 'VARCHAR', line: 'BIGINT', reason: 'VARCHAR', text: 'VARCHAR'}"
)


@dataclass(frozen=True)
class Reject:
    """A row that was set aside: where it stands, why, and its text (long text is cut)."""

    table: str
    file: str
    line: int
    reason: str
    text: str


class Aside:
    """Collects rejects on disk while files are read."""

    def __init__(self, scratch: Scratch) -> None:
        self._scratch = scratch
        self._path = scratch.new(".jsonl")
        self._stream = self._path.open("w", encoding="utf-8", newline="")
        self.count = 0

    def add(self, reject: Reject) -> None:
        """Keep a row that cannot be used."""
        text = reject.text.rstrip("\r\n")[:_LONGEST_TEXT].replace("\0", "\ufffd")
        values = (reject.table, reject.file, reject.line, reject.reason, text)
        row = dict(zip(_NAMES, values, strict=True))
        self._stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        self.count += 1

    def load(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Put what was collected into the table `aside.rows`."""
        with self._scratch.room():
            self._stream.close()
        connection.execute("CREATE SCHEMA aside")
        connection.execute(
            f"CREATE TABLE {RELATION} AS FROM read_json({literal(str(self._path))}, "
            f"format = 'newline_delimited', columns = {_COLUMNS})"
        )

    def close(self) -> None:
        """Let go of the file, whether or not its last rows find room."""
        with suppress(OSError):
            self._stream.close()


class Rejects:
    """The rows of a source that were set aside; iterate, or query `relation`.

    Its columns are table_name, file, line, reason and text.
    """

    relation = RELATION

    def __init__(self, connection: duckdb.DuckDBPyConnection, count: int) -> None:
        self._connection = connection
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Reject]:
        cursor = self._connection.cursor()
        cursor.execute(f"FROM {RELATION} ORDER BY table_name, line")
        while rows := cursor.fetchmany(1_000):
            yield from (Reject(*row) for row in rows)
