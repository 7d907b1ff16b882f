"""Read a delimited text file: CSV, TSV and their kin.

A file that DuckDB reads without doubt is read in place, in parallel. Any other is copied into
that form first, and what is no row is set aside on the way.
"""

import gzip
import shutil
import zlib
from dataclasses import replace
from pathlib import Path

import duckdb

from counterpoise.books.sources.aside import Reject
from counterpoise.books.sources.bench import Bench
from counterpoise.books.sources.binary import require_text
from counterpoise.books.sources.copying import copy_rows
from counterpoise.books.sources.dialect import SAMPLE, Dialect, EmptyFileError, dialect_of
from counterpoise.books.sources.encoding import Encoding, decoded, encoding_of, text_of
from counterpoise.books.sources.headers import column_names, repeated_names
from counterpoise.books.sources.lines import Lines
from counterpoise.books.sources.refusal import SourceError
from counterpoise.books.sources.scan import Scan
from counterpoise.books.sources.survey import Survey, survey
from counterpoise.books.sources.table import Reading
from counterpoise.books.sources.trimming import Padding

_Found = tuple[Scan, Padding, Lines]


class DamagedArchiveError(SourceError):
    """Raised when a compressed file cannot be unpacked."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: the compressed file is damaged or cut short; copy it again")


class UnreadableTextError(SourceError):
    """Raised when a delimited file cannot be read although it looks like one."""

    def __init__(self, path: Path, failure: duckdb.Error) -> None:
        first_line = str(failure).splitlines()[0]
        super().__init__(
            f"{path}: cannot be read as delimited text ({first_line}); "
            "export the table again as UTF-8 CSV"
        )


def read_delimited(path: Path, name: str, bench: Bench) -> Reading:
    """Read a delimited file, compressed or not.

    Raises:
        SourceError: It is empty, no text, or no table.
    """
    if path.suffix.lower() == ".gz":
        return replace(_read(_unpacked(path, bench), path, name, bench), files=())
    return _read(path, path, name, bench)


def _read(path: Path, original: Path, name: str, bench: Bench) -> Reading:
    """Read the text at `path`, which people know as `original`."""
    head = _head(path)
    if not head:
        raise EmptyFileError(original)
    require_text(original, head)
    guess = encoding_of(head)
    dialect = _dialect(original, head, guess)  # before the whole file is read: it may refuse
    facts = survey(path, bench.progress)
    if facts.encoding != guess:
        dialect = _dialect(original, head, facts.encoding)
    header = dialect.header[: dialect.width]
    columns = column_names(header, str(original))
    scan, padding, lines = _in_place(path, dialect, facts, bench) or _copied(
        path, Reject(name, original.name, 0, "", ""), dialect, facts, bench
    )
    found = scan.trimmed(bench.connection, columns, padding)
    return Reading(
        name=name,
        columns=columns,
        query=found.query,
        typed=False,
        location=original.name,
        line_offset=dialect.first_line,
        lines=lines.without(found.dropped),
        rows=found.rows,
        content=facts.sha256,
        files=(path,) if scan.path == path else (),
        repeated=repeated_names(header, columns),
    )


def _dialect(path: Path, head: bytes, encoding: Encoding) -> Dialect:
    is_whole = len(head) < SAMPLE
    dialect = dialect_of(path, encoding, decoded(head, encoding), is_whole=is_whole)
    column_names(dialect.header, str(path))
    return dialect


def _in_place(path: Path, dialect: Dialect, facts: Survey, bench: Bench) -> _Found | None:
    """Return how to read a file where it is, or None when it must be copied first."""
    if not (facts.is_plain and dialect.is_regular and dialect.header_line <= 2):
        return None
    scan = Scan(
        path=path,
        delimiter=dialect.delimiter,
        width=dialect.width,
        header_line=dialect.header_line,
        is_parallel=not facts.has_quotes,
    )
    try:
        padding = scan.padding(bench.connection, facts.blanks)
    except duckdb.InvalidInputException:
        return None  # some row is none, or a quote is not closed: find out which
    rows = facts.lines - dialect.header_line
    skipped = facts.blank_lines_at_end if dialect.width > 1 else 0
    if padding.rows not in {rows, rows - skipped}:
        return None  # a row spans lines, and its end may be missing
    return replace(scan, is_parallel=True), padding, Lines.without_breaks(dialect.first_line)


def _copied(path: Path, reject: Reject, dialect: Dialect, facts: Survey, bench: Bench) -> _Found:
    target = bench.scratch.new(".csv")

    def set_aside(line: int, reason: str, text: str) -> None:
        bench.aside.add(replace(reject, line=line, reason=reason, text=text))

    bench.progress.done()
    bench.progress.start(f"Correcting {reject.file}", total=facts.size)
    text = text_of(path, facts.encoding, bench.progress)
    with bench.scratch.room():
        copied = copy_rows(text, dialect, target, set_aside)
    scan = Scan(target, dialect.delimiter, dialect.width, is_parallel=not copied.has_quotes)
    try:
        return scan, scan.padding(bench.connection, copied.blanks), copied.lines
    except duckdb.InvalidInputException as failure:
        raise UnreadableTextError(path, failure) from failure


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(SAMPLE)


def _unpacked(path: Path, bench: Bench) -> Path:
    target = bench.scratch.new(".csv")
    try:
        with bench.scratch.room(), gzip.open(path) as packed, target.open("wb") as out:
            shutil.copyfileobj(packed, out, 1 << 20)
    except (gzip.BadGzipFile, EOFError, zlib.error) as failure:
        raise DamagedArchiveError(path) from failure
    return target
