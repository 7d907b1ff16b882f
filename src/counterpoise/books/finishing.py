"""Write the tables of a snapshot: rows in use in one file a table, rows set aside in another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from counterpoise.books.checks.examination import Examination, aside_of
from counterpoise.books.manifest import TableFacts
from counterpoise.books.problems import Problem, Rule
from counterpoise.books.quoting import literal, quoted
from counterpoise.books.reading import Rejected
from counterpoise.books.schema import ESSENTIAL
from counterpoise.books.staged import ROW, UNREAD, Staged
from counterpoise.errors import CounterpoiseError

SET_ASIDE = "set_aside.parquet"
_MOST_REASONS = 5
_ASIDE_COLUMNS = 'table_name AS "table", file, line, rule, row'


class NoRowsError(CounterpoiseError):
    """A source has no row that a figure could be made of."""

    def __init__(self, source: str | Path, empty: Iterable[str], reasons: Iterable[str]) -> None:
        why = "".join(f"\n  {reason}" for reason in reasons)
        super().__init__(
            f"{source}: no row of {', '.join(empty)} can be used, so there would be nothing to "
            "review; check that the export holds more than its header, and import again. "
            f"The books are as they were{why}"
        )


def require_rows(
    source: str | Path, facts: Mapping[str, TableFacts], problems: Iterable[Problem]
) -> None:
    """Refuse a source without a single row in use in a table that figures start from.

    Raises:
        NoRowsError: If there is none.
    """
    tables = [name for name in ESSENTIAL if name in facts]
    if any(facts[name].rows for name in tables):
        return
    reasons = [
        f"{each.table}: {each.rule} in {each.rows} of them, {each.effect}; {each.example}"
        for each in problems
        if each.table in tables
    ]
    raise NoRowsError(source, tables, reasons[:_MOST_REASONS])


def write_tables(
    examination: Examination, rejected: Rejected | None, folder: Path
) -> dict[str, TableFacts]:
    """Write every table and the rows set aside into `folder`, and say how many there are."""
    _write_set_aside(examination, rejected, folder / SET_ASIDE)
    by_table = rejected.by_table if rejected else {}
    return {
        name: _write_table(examination, staged, folder, by_table.get(name, 0))
        for name, staged in examination.tables.items()
    }


def _write_table(
    examination: Examination, staged: Staged, folder: Path, rejected: int
) -> TableFacts:
    target = folder / f"{staged.name}.parquet"
    set_aside = _count(examination, "aside", staged)
    if set_aside or staged.unread or _count(examination, "blank", staged):
        items = ", ".join(_item(examination, staged, name) for name in staged.columns)
        query = f"SELECT {items} FROM {quoted(staged.name)}"
        if set_aside:
            query += f" WHERE {ROW} NOT IN ({aside_of(staged.name)})"
        examination.write(query, target, len(staged.columns))
    else:
        staged.moved_to(target)
    return TableFacts(
        staged.rows - set_aside, set_aside + rejected, staged.attributes, staged.present
    )


def _item(examination: Examination, staged: Staged, name: str) -> str:
    where = f"table_name = {literal(staged.name)} AND column_name = {literal(name)}"
    if not examination.row(f"SELECT count(*) FROM blank WHERE {where}")[0]:
        return quoted(name)
    rows = f"SELECT row FROM blank WHERE {where}"
    return f"CASE WHEN {ROW} NOT IN ({rows}) THEN {quoted(name)} END AS {quoted(name)}"


def _write_set_aside(examination: Examination, rejected: Rejected | None, target: Path) -> None:
    parts = [
        _aside_rows(examination, staged)
        for staged in examination.tables.values()
        if _count(examination, "aside", staged)
    ]
    if rejected is not None:
        row = "CAST(to_json({'text': text}) AS VARCHAR)"
        parts.append(
            f"SELECT table_name, file, line, {literal(Rule.UNREADABLE_LINE)} AS rule, {row} AS row "
            f"FROM read_parquet({literal(str(rejected.file))})"
        )
    if parts:
        together = " UNION ALL ".join(parts)
        examination.write(f"SELECT {_ASIDE_COLUMNS} FROM ({together})", target, columns=5)


def _aside_rows(examination: Examination, staged: Staged) -> str:
    values = ", ".join(
        f"{literal(name)}: {_as_found(staged, name)}"
        for name in (*staged.present, *staged.columns[len(staged.table.names) :])
    )
    return (
        f"SELECT {literal(staged.name)} AS table_name, aside.file, aside.line, aside.rule, "
        f"CAST(to_json({{{values}}}) AS VARCHAR) AS row FROM {quoted(staged.name)} AS staged "
        f"JOIN {_places(examination, staged)} AS aside ON staged.{ROW} = aside.row"
    )


def _places(examination: Examination, staged: Staged) -> str:
    """Make a table of the rows set aside with the file and line of each, and return its name."""
    import pyarrow as pa

    query = f"SELECT row, rule FROM aside WHERE table_name = {literal(staged.name)} ORDER BY row"
    rows = examination.rows(query)
    found = {
        "row": pa.array([row for row, _ in rows], pa.int64()),
        "rule": pa.array([rule for _, rule in rows], pa.string()),
        "file": pa.array([staged.place.file] * len(rows), pa.string()),
        "line": pa.array([staged.place.line(row) for row, _ in rows], pa.int64()),
    }
    name = f"places of {staged.name}"
    examination.connection.register(name, pa.table(found))
    return quoted(name)


def _as_found(staged: Staged, name: str) -> str:
    value = f"CAST(staged.{quoted(name)} AS VARCHAR)"
    return f"coalesce(staged.{quoted(UNREAD + name)}, {value})" if name in staged.unread else value


def _count(examination: Examination, findings: str, staged: Staged) -> int:
    where = f"table_name = {literal(staged.name)}"
    (count,) = examination.row(f"SELECT count(*) FROM {findings} WHERE {where}")
    return int(count)
