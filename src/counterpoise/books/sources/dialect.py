"""How a delimited file is written: separator, header and where the rows begin."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from counterpoise.books.sources.encoding import Encoding, text_of
from counterpoise.books.sources.headers import COLUMN_LIMIT, TooManyColumnsError
from counterpoise.books.sources.records import (
    LINE_END,
    NO_DELIMITER,
    Broken,
    Grammar,
    Record,
    count_lines,
)
from counterpoise.books.sources.refusal import SourceError

SAMPLE = 1 << 20
_SAMPLE_RECORDS = 500
_DELIMITERS = "\t|;,"  # among equals the first: beside semicolons a comma is a decimal one
_AGREEING = 0.5  # share of records that must have as many fields as the header
_NOTHING = ' ,;\t|"\u00a0'  # what a line holds that holds no name
_BLANK_LINES = re.compile(rf"(?:[{_NOTHING}]*+(?:\r\n|\n|\r))*+")
_IDENTIFIERS = re.compile(r"\w+(?:[\t|;,]\w+)+[\r\n]")  # a header that programs write
_DECLARATION = re.compile(r'\s*"?sep=(.)"?[ \t]*(?:\r\n|\n|\r)', re.IGNORECASE)


class EmptyFileError(SourceError):
    """Raised when a file holds no header."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}: the file is empty; export the table again, with its header in the first line"
        )


class EndlessHeaderError(SourceError):
    """Raised when the first line is too long to be a header."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}: the first line is longer than {SAMPLE:,} characters; check that the file is "
            "a table with its header in the first line and that quotes are closed"
        )


class BrokenHeaderError(SourceError):
    """Raised when the header cannot be read as a record."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}: line {line}, the header, cannot be read: {reason}; correct it")


@dataclass(frozen=True)
class Dialect:
    """How a delimited file is written.

    `header_line` and `first_line` are 1-based lines of the file; `first_line` is where the rows
    begin, `rows_start` the same as an offset into its text.
    """

    delimiter: str
    header: tuple[str, ...]
    width: int
    header_line: int
    first_line: int
    rows_start: int

    @property
    def is_regular(self) -> bool:
        """Tell whether the header is one line and as wide as the rows."""
        return self.first_line == self.header_line + 1 and self.width == len(self.header)


def dialect_of(path: Path, encoding: Encoding, sample: str, *, is_whole: bool) -> Dialect:
    """Find out how a file is written from the text that it begins with.

    Raises:
        EmptyFileError: There is no header.
        EndlessHeaderError: The header does not end within the sample.
        BrokenHeaderError: The header cannot be read as a record.
        TooManyColumnsError: The header has more columns than a table can.
    """
    declared = _DECLARATION.match(sample)
    start = declared.end() if declared else 0
    blank = _BLANK_LINES.match(sample, start)
    start = blank.end() if blank else start
    if is_whole and not sample[start:].strip(f"{_NOTHING}\r\n"):
        raise EmptyFileError(path)
    candidates = declared.group(1) if declared else _DELIMITERS
    if not is_whole and LINE_END.search(sample, start) is None:
        _refuse_long_line(path, encoding, sample[start:], candidates)
    delimiter = _delimiter(sample, start, candidates, is_whole=is_whole)
    if declared and delimiter == NO_DELIMITER:
        delimiter = declared.group(1)
    return _dialect(path, sample, start, delimiter, is_whole=is_whole)


def _dialect(path: Path, sample: str, start: int, delimiter: str, *, is_whole: bool) -> Dialect:
    found = list(islice(_records(sample, start, delimiter, is_whole=is_whole), _SAMPLE_RECORDS))
    if not found:
        raise EndlessHeaderError(path)
    header = found[0]
    if isinstance(header, Broken):
        raise BrokenHeaderError(path, 1 + count_lines(sample[:start]), header.reason)
    widths = [len(record.fields) for record in _evidence(found[1:])]
    return Dialect(
        delimiter=delimiter,
        header=header.fields,
        width=_width(header, widths),
        header_line=1 + count_lines(sample[:start]),
        first_line=1 + count_lines(sample[: header.end]) + (not header.is_terminated),
        rows_start=header.end,
    )


def _delimiter(sample: str, start: int, candidates: str, *, is_whole: bool) -> str:
    """Return the candidate that gives most records as many fields as the header has."""
    otherwise = NO_DELIMITER
    best, best_fit = otherwise, (0.0, 1)
    for candidate in candidates:
        records = _records(sample, start, candidate, is_whole=is_whole)
        found = list(islice(records, _SAMPLE_RECORDS))
        fit = _fit(found)
        if fit > best_fit:
            best, best_fit = candidate, fit
        if found and isinstance(found[0], Broken) and candidate in sample[start : found[0].end]:
            otherwise = candidate
    is_evident = best_fit[0] >= _AGREEING or best_fit[1] > 2
    return best if is_evident or _IDENTIFIERS.match(sample, start) else otherwise


def _fit(found: list[Record | Broken]) -> tuple[float, int]:
    """Return the share of rows that agree with the header, if that is enough, and its width."""
    if not found or isinstance(found[0], Broken) or len(found[0].fields) < 2:
        return (0.0, 1)
    header = found[0]
    rows = [row for row in found[1:] if isinstance(row, Broken) or not row.is_blank]
    agreeing = sum(isinstance(row, Record) and _agrees(row, header) for row in rows)
    share = agreeing / len(rows) if rows else 1.0
    return (share if share >= _AGREEING else 0.0, len(header.fields))


def _agrees(row: Record, header: Record) -> bool:
    """Tell whether a row is as wide as the header, separators at either's end aside."""
    return row.named_width <= len(header.fields) and len(row.fields) >= header.named_width


def _records(
    sample: str, start: int, delimiter: str, *, is_whole: bool
) -> Iterator[Record | Broken]:
    grammar = Grammar(delimiter)
    while start < len(sample):
        found = grammar.record(sample, start, is_final=is_whole)
        if not isinstance(found, Record | Broken):
            return
        yield found
        start = found.end


def _evidence(found: Iterable[Record | Broken]) -> list[Record]:
    """Return the records that say how a file is written: well-formed and not blank."""
    return [record for record in found if isinstance(record, Record) and not record.is_blank]


def _width(header: Record, widths: list[int]) -> int:
    """Return how many fields rows have; blank names at the end of a header may stand for none."""
    usual = Counter(widths).most_common(1)
    if usual and header.named_width <= usual[0][0] < len(header.fields):
        return usual[0][0]
    return len(header.fields)


def _refuse_long_line(path: Path, encoding: Encoding, begin: str, candidates: str) -> None:
    """Count the columns of a header that does not end within the sample, and refuse it."""
    delimiter = max(candidates, key=begin.count)
    columns = 1
    for number, piece in enumerate(text_of(path, encoding)):
        text = piece if number else piece.lstrip(f"{_NOTHING}\r\n")
        line, *others = LINE_END.split(text, maxsplit=1)
        columns += line.count(delimiter)
        if others:
            break
    if columns > COLUMN_LIMIT:
        raise TooManyColumnsError(str(path), columns)
    raise EndlessHeaderError(path)
