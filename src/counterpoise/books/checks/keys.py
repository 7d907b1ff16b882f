"""Check that no two rows of a table have the same key."""

from __future__ import annotations

from collections.abc import Iterator

from counterpoise.books.checks.examination import Examination, in_use
from counterpoise.books.problems import Problem, Rule
from counterpoise.books.quoting import quoted
from counterpoise.books.staged import ROW, Staged


def check_keys(examination: Examination) -> Iterator[Problem]:
    """Keep the first row of each key and set the later ones aside."""
    for staged in examination.tables.values():
        if staged.table.key and staged.rows and not _is_unique(examination, staged):
            yield from _duplicates(examination, staged)


def _is_unique(examination: Examination, staged: Staged) -> bool:
    """Tell whether all keys differ: they do if their hashes do, which are cheaper to compare."""
    hashed = f"hash({', '.join(map(quoted, staged.table.key))})"
    rows, hashes = examination.row(
        f"SELECT count(*), count(DISTINCT {hashed}) FROM {in_use(staged.name)}"
    )
    return bool(rows == hashes)


def _duplicates(examination: Examination, staged: Staged) -> Iterator[Problem]:
    key = ", ".join(map(quoted, staged.table.key))
    row = f"hash({', '.join(map(quoted, staged.columns))})"
    examination.connection.execute(
        "CREATE OR REPLACE TEMP TABLE repeated AS "
        f"SELECT {ROW} AS n, content <> first(content) OVER same AS differs, "
        f"first(n) OVER same AS original FROM ("
        f"  SELECT {key}, {ROW}, {ROW} AS n, {row} AS content FROM {in_use(staged.name)} "
        f"  WHERE hash({key}) IN (SELECT hash({key}) FROM {in_use(staged.name)} "
        f"    GROUP BY ALL HAVING count(*) > 1)) "
        f"WINDOW same AS (PARTITION BY {key} ORDER BY n) "
        f"QUALIFY row_number() OVER same > 1"
    )
    rows = examination.set_aside(staged.name, Rule.DUPLICATE_KEY, "SELECT n FROM repeated")
    if not rows:
        return
    differing, later, original = examination.row(
        "SELECT count_if(differs), arg_min(n, (NOT differs, n)), "
        "arg_min(original, (NOT differs, n)) FROM repeated"
    )
    place = staged.place.says(original).rstrip(": ") or f"row {original + 1}"
    example = f"{examination.example(staged.name, later)} again, first at {place}"
    effect = (
        "the first row of each key is used, later ones are set aside "
        f"(the same in every column: {rows - differing:,}, different: {differing:,})"
    )
    yield Problem(Rule.DUPLICATE_KEY, staged.name, rows, example, effect)
