"""Copy a delimited file into the one form that is read without doubt, row by row.

The copy is UTF-8 with line feeds and has no header. What is no row of the table is set aside on
the way, and reading goes on with the next line. Memory stays bounded whatever the file holds.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from counterpoise.books.sources.dialect import Dialect
from counterpoise.books.sources.lines import LineCounter, Lines
from counterpoise.books.sources.records import (
    LINE_END,
    Broken,
    Grammar,
    Record,
    Unfinished,
    count_lines,
    with_line_feeds,
    written,
)
from counterpoise.books.sources.survey import BLANKS

LONGEST_RECORD = 1_000_000  # characters; what is longer has lost a quote or a line end
SetAside = Callable[[int, str, str], None]  # called with line, reason and text


@dataclass(frozen=True)
class Copied:
    """What a copy may hold, and where its rows come from.

    A blank that is not named here is not in it.
    """

    has_quotes: bool
    blanks: frozenset[str]
    lines: Lines


def copy_rows(text: Iterable[str], dialect: Dialect, target: Path, set_aside: SetAside) -> Copied:
    """Write the rows of a file's text to `target`; call `set_aside` with what is no row."""
    rows = _Rows(dialect, set_aside)
    with target.open("w", encoding="utf-8", newline="", buffering=1 << 20) as out:
        for piece in _after(dialect.rows_start, text):
            out.writelines(rows.read(piece))
        out.writelines(rows.finish())
    return rows.copied()


def _after(start: int, pieces: Iterable[str]) -> Iterator[str]:
    """Yield text from the offset `start` on."""
    for piece in pieces:
        if start < len(piece):
            yield piece[start:]
        start = max(0, start - len(piece))


class _Rows:
    """Turns text that arrives in pieces into rows."""

    def __init__(self, dialect: Dialect, set_aside: SetAside) -> None:
        self._grammar = Grammar(dialect.delimiter)
        self._delimiter, self._width = dialect.delimiter, dialect.width
        self._well_formed = self._grammar.rows(dialect.width)
        self._one_row = self._grammar.row(dialect.width)
        self._set_aside = set_aside
        self._line = dialect.first_line
        self._counter = LineCounter(dialect.first_line)
        self._held = ""
        self._is_within_long_line = False
        self._has_quotes = False
        self._blanks: set[str] = set()

    def copied(self) -> Copied:
        """Return what was found in the text so far; line ends stand in cells by quotes only."""
        line_ends = set() if self._has_quotes else {"\n", "\r"}
        blanks = frozenset(self._blanks - line_ends)
        return Copied(self._has_quotes, blanks, self._counter.lines())

    def read(self, piece: str) -> Iterator[str]:
        """Yield the rows that are complete with `piece`."""
        self._has_quotes = self._has_quotes or '"' in piece
        self._blanks.update(blank for blank in BLANKS if blank in piece)
        return self._drain(self._held + piece, is_final=False)

    def finish(self) -> Iterator[str]:
        """Yield what is left."""
        return self._drain(self._held, is_final=True)

    def _drain(self, text: str, *, is_final: bool) -> Iterator[str]:
        position = self._past_long_line(text)
        while position < len(text):
            good = self._well_formed.match(text, position)
            if good and good.end() > position:
                self._count(good.group())
                yield with_line_feeds(good.group())
                position = good.end()
                continue
            found = self._grammar.record(text, position, is_final=is_final)
            if isinstance(found, Unfinished):
                if len(text) - position <= LONGEST_RECORD:
                    break
                found = self._too_long(text, position, found)
            yield from self._row(found, text[position : found.end])
            self._line += count_lines(text[position : found.end])
            position = found.end
        self._held = text[position:]

    def _count(self, rows: str) -> None:
        """Take note of the lines of well-formed rows."""
        if not any(LINE_END.search(cell) for cell in rows.split('"')[1::2]):
            count = count_lines(rows)
            self._counter.add(self._line, count)
            self._line += count
            return
        position = 0
        while position < len(rows):
            row = self._one_row.match(rows, position)
            assert row is not None  # the rows are well-formed
            self._counter.add(self._line)
            self._line += count_lines(row.group())
            position = row.end()

    def _row(self, found: Record | Broken, text: str) -> Iterator[str]:
        if isinstance(found, Broken):
            self._set_aside(self._line, found.reason, text)
        elif len(found.fields) >= self._width and not any(
            map(str.strip, found.fields[self._width :])
        ):
            self._counter.add(self._line)
            yield written(found.fields[: self._width], self._delimiter)
        elif not found.is_blank:
            self._set_aside(self._line, self._wrong_width(found), text)

    def _wrong_width(self, found: Record) -> str:
        count = f"{len(found.fields)} fields where the header has {self._width}"
        if len(found.fields) < self._width and not found.is_terminated:
            return f"the file ends within this row: {count}"
        return count

    def _too_long(self, text: str, position: int, found: Unfinished) -> Broken:
        """Give up on a record that does not end; go on with the next line."""
        reason = (
            "a quote is opened and never closed"
            if found.is_quoted
            else f"the row is longer than {LONGEST_RECORD:,} characters"
        )
        line_end = LINE_END.search(text, position)
        self._is_within_long_line = line_end is None
        return Broken(reason, line_end.end() if line_end else len(text))

    def _past_long_line(self, text: str) -> int:
        """Return where to go on, after the end of a line that was given up."""
        if not self._is_within_long_line:
            return 0
        line_end = LINE_END.search(text)
        if line_end is None:
            return len(text)
        self._is_within_long_line = False
        self._line += 1
        return line_end.end()
