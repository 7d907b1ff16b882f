"""Trim text columns in SQL, and only those that need it.

Trimming every cell costs several times what reading it does, so one pass finds the columns that
hold padded cells, and whether rows without any value occur.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from counterpoise.books.quoting import literal, quoted
from counterpoise.books.sources.survey import BLANKS


@dataclass(frozen=True)
class Padding:
    """What one pass over a relation found.

    `rows` counts all rows; `may_hold_blank_rows` says that some of them may hold no value.
    """

    rows: int
    may_hold_blank_rows: bool
    padded: frozenset[str]


def padding_of(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    columns: Mapping[str, bool],
    blanks: frozenset[str] = frozenset(BLANKS),
) -> Padding:
    """Count rows and find padded columns; `columns` says of each whether it holds text.

    `blanks` are those beyond a space that may occur at all.
    """
    tests = [_padded(quoted(column), blanks) for column, is_text in columns.items() if is_text]
    empty = " AND ".join(_may_be_blank(quoted(column), t) for column, t in columns.items())
    found = connection.execute(
        f"SELECT count(*), count(*) FILTER ({empty}) > 0"
        + "".join(f", coalesce(bool_or({test}), false)" for test in tests)
        + f" FROM {relation}"
    ).fetchone()
    assert found is not None  # an aggregate has one row
    flags = dict(zip((c for c, is_text in columns.items() if is_text), found[2:], strict=True))
    return Padding(found[0], found[1], frozenset(c for c, is_padded in flags.items() if is_padded))


def count_rows(connection: duckdb.DuckDBPyConnection, query: str, padding: Padding) -> int:
    """Count the rows of a trimmed query."""
    if not padding.may_hold_blank_rows:
        return padding.rows
    found = connection.execute(f"SELECT count(*) FROM ({query})").fetchone()
    assert found is not None  # an aggregate has one row
    return int(found[0])


def trimmed_query(
    relation: str, columns: Sequence[str], names: Sequence[str], padding: Padding
) -> str:
    """Return the query for `columns` under `names`, trimmed, without rows that hold nothing."""
    values = {column: _value(column, padding) for column in columns}
    listed = ", ".join(
        f"{values[column]} AS {quoted(name)}" for column, name in zip(columns, names, strict=True)
    )
    query = f"SELECT {listed} FROM {relation}"
    if not padding.may_hold_blank_rows:
        return query
    plain_first = sorted(columns, key=lambda column: column in padding.padded)
    return query + f" WHERE NOT ({' AND '.join(f'{values[c]} IS NULL' for c in plain_first)})"


def _value(column: str, padding: Padding) -> str:
    if column not in padding.padded:
        return quoted(column)
    return f"nullif(trim({quoted(column)}, {_characters()}), '')"


def _may_be_blank(column: str, is_text: bool) -> str:
    """Return a cheap test that holds for NULL and for every text of blanks alone."""
    if not is_text:
        return f"{column} IS NULL"
    return f"coalesce({column} < '!' OR {column} >= chr(160), true)"


def _padded(column: str, blanks: frozenset[str]) -> str:
    """Return a cheap test that holds for every padded or blank cell, and for few others."""
    wide = [blank for blank in sorted(blanks) if not blank.isascii()]
    ends = [" ", *(blank for blank in sorted(blanks) if blank != " ")]
    return " OR ".join(
        [
            f"{column} < '!'",  # blanks and control characters sort before it, as does ''
            *(f"prefix({column}, {_character(blank)})" for blank in wide),
            *(f"suffix({column}, {_character(blank)})" for blank in ends),
        ]
    )


def _character(blank: str) -> str:
    return literal(" ") if blank == " " else f"chr({ord(blank)})"


def _characters() -> str:
    return "concat(" + ", ".join(map(_character, BLANKS)) + ")"
