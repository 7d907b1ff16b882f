"""Read the sheets of an Excel or OpenDocument workbook, each as a table."""

import csv
import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
)

from counterpoise.books.sources.archive import DamagedWorkbookError, require_safe_archive
from counterpoise.books.sources.bench import Bench
from counterpoise.books.sources.dialect import EmptyFileError
from counterpoise.books.sources.headers import column_names, repeated_names
from counterpoise.books.sources.lines import LineCounter
from counterpoise.books.sources.refusal import SourceError
from counterpoise.books.sources.scan import Scan
from counterpoise.books.sources.survey import BLANKS, digest
from counterpoise.books.sources.table import Reading

_LARGEST_OLD_WORKBOOK = 256 << 20
_DIGITS = ".15g"  # Excel keeps 15 digits; more show how binary fractions round

Value = str | float | bool | dt.date | dt.time | dt.datetime | dt.timedelta


class LockedWorkbookError(SourceError):
    """Raised when a workbook needs a password."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}: the workbook is protected by a password; save a copy without one"
        )


class NoSheetsError(SourceError):
    """Raised when no sheet of a workbook holds anything."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: every sheet is empty; one at least needs a header and rows")


@dataclass(frozen=True)
class _Sheet:
    """A sheet with its header found: rows follow, each with its line."""

    name: str
    header: Sequence[Value]
    header_line: int
    rows: Iterator[tuple[int, Sequence[Value]]]


def read_workbook(path: Path, name: str, bench: Bench) -> list[Reading]:
    """Read every sheet that holds anything; a sheet alone takes the name of its file.

    Raises:
        SourceError: The workbook is empty, damaged, locked, or larger than is safe.
    """
    size = path.stat().st_size
    if size == 0:
        raise EmptyFileError(path)
    if path.suffix.lower() != ".xls":
        require_safe_archive(path)
    elif size > _LARGEST_OLD_WORKBOOK:
        raise DamagedWorkbookError(path, "an .xls file is never that large")
    content = digest(path, bench.progress)
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            readings = [_reading(path, sheet, content, bench) for sheet in _sheets(workbook)]
    except PasswordError as failure:
        raise LockedWorkbookError(path) from failure
    except CalamineError as failure:
        raise DamagedWorkbookError(path, str(failure)) from failure
    if not readings:
        raise NoSheetsError(path)
    return [replace(readings[0], name=name)] if len(readings) == 1 else readings


def text_of_value(value: Value) -> str:
    """Return a cell as text: days and instants in ISO 8601, numbers as short as they are.

    >>> [text_of_value(v) for v in (18.0, 0.1 + 0.2, True, dt.date(2024, 1, 5))]
    ['18', '0.3', 'true', '2024-01-05']
    """
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return _number(value)
        case dt.datetime():
            return value.isoformat(sep=" ")
        case dt.date() | dt.time():
            return value.isoformat()
        case _:
            return str(value)


def _number(value: float) -> str:
    text = format(value, _DIGITS)
    if "e" in text:
        return format(Decimal(text), "f")
    return "0" if text == "-0" else text


def _sheets(workbook: CalamineWorkbook) -> Iterator[_Sheet]:
    for sheet in workbook.sheets_metadata:
        if sheet.typ is SheetTypeEnum.WorkSheet:
            found = _sheet(workbook.get_sheet_by_name(sheet.name))
            if found is not None:
                yield found


def _sheet(sheet: CalamineSheet) -> _Sheet | None:
    """Find the header, the first row that holds anything; None for an empty sheet."""
    if sheet.start is None:
        return None
    rows = (
        (line, row)
        for line, row in enumerate(sheet.iter_rows(), 1)
        if not all(_is_blank(value) for value in row)
    )
    line, header = next(rows, (0, None))
    return _Sheet(sheet.name, header, line, rows) if header is not None else None


def _is_blank(value: Value) -> bool:
    return isinstance(value, str) and not value.strip(BLANKS)


def _reading(path: Path, sheet: _Sheet, content: str, bench: Bench) -> Reading:
    location = f"{path.name}, sheet {sheet.name!r}"
    header = [text_of_value(value) for value in sheet.header]
    columns = column_names(header, location)
    target = bench.scratch.new(".csv")
    counter = LineCounter(sheet.header_line + 1)
    with bench.scratch.room(), target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        for line, row in sheet.rows:
            counter.add(line)
            writer.writerow([text_of_value(value) for value in row])
    scan = Scan(target, ",", len(columns))
    padding = scan.padding(bench.connection)
    found = scan.trimmed(bench.connection, columns, padding)
    return Reading(
        name=sheet.name.strip(),
        columns=columns,
        query=found.query,
        typed=False,
        location=location,
        line_offset=sheet.header_line + 1,
        lines=counter.lines().without(found.dropped),
        rows=found.rows,
        content=hashlib.sha256(f"{content} {sheet.name}".encode()).hexdigest(),
        repeated=repeated_names(header, columns),
    )
