"""Check a workbook's archive before it is opened, so that no small file can fill the memory.

Two kinds are refused: archives that unpack to far more than they hold, and sheets whose few
cells stand so far apart that the grid between them would not fit.
"""

import errno
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from counterpoise.books.sources.refusal import SourceError

_MOST_ENTRIES = 10_000
_MOST_BYTES = 2 << 30
_MOST_CELLS = 40_000_000
_HIGHEST_RATIO = 250  # honest sheets pack some 10 to 100 times
_RATIO_MATTERS_FROM = 64 << 20
_BLOCK = 1 << 20
_OVERLAP = 512
# What Python's zipfile raises on damage, encryption and unknown compression.
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, struct.error)
_SHEET_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,4})(\d{1,9})"')
_OPEN_TAG = re.compile(
    rb"<(table:table-row|table:table-cell|table:covered-table-cell|table:table)\b([^>]*)>"
)
_REPEATED = re.compile(rb'table:number-(?:rows|columns)-repeated="(\d{1,12})"')


class WorkbookTooLargeError(SourceError):
    """Raised when a workbook would unpack to more than is safe to hold."""

    def __init__(self, path: Path, found: str) -> None:
        super().__init__(
            f"{path}: the workbook {found}, more than is safe to open; "
            "if it is what you mean to import, save its sheets as CSV"
        )


class DamagedWorkbookError(SourceError):
    """Raised when a workbook cannot be read."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path}: the workbook is damaged or of another format ({reason}); "
            "open it in a spreadsheet program and save it again, or save its sheets as CSV"
        )


def require_safe_archive(path: Path) -> None:
    """Refuse a zipped workbook that is damaged or would unpack to too much.

    Raises:
        WorkbookTooLargeError: It holds too many bytes, entries or cells, or is packed too well.
        DamagedWorkbookError: It is no intact archive.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_directory(path, entries)
            for entry in entries:
                _check_entry(path, archive, entry)
    except _DAMAGE as failure:
        raise DamagedWorkbookError(path, str(failure) or "cut short") from failure
    except OSError as failure:
        if failure.errno != errno.EINVAL:  # a place in the file that cannot be
            raise
        raise DamagedWorkbookError(path, "its directory points outside it") from failure


def _check_directory(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    size = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if len(entries) > _MOST_ENTRIES:
        raise WorkbookTooLargeError(path, f"holds {len(entries):,} parts")
    if size > _MOST_BYTES:
        raise WorkbookTooLargeError(path, f"unpacks to {size / 1e9:,.1f} GB")
    if size > _RATIO_MATTERS_FROM and size > packed * _HIGHEST_RATIO:
        raise WorkbookTooLargeError(
            path, f"unpacks to {size / 1e6:,.0f} MB, {size // packed:,} times its size"
        )


def _check_entry(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Unpack an entry once: its size and checksum must hold, and its grid must be small enough."""
    grid = _grid_of(entry.filename)
    for block in _blocks(archive, entry):
        grid.read(block)
        if grid.cells > _MOST_CELLS:
            raise WorkbookTooLargeError(path, f"spans {grid.cells:,} cells in {entry.filename}")


def _blocks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the content in blocks that end at a tag where there are tags."""
    held = b""
    with archive.open(entry) as stream:
        while block := stream.read(_BLOCK):
            text = held + block
            cut = text.rfind(b"<", max(0, len(text) - _OVERLAP))
            held, whole = (text[cut:], text[:cut]) if cut >= 0 else (b"", text)
            yield whole
    yield held


def _grid_of(name: str) -> "_Grid":
    if name == "content.xml":
        return _RepeatedGrid()
    return _AddressedGrid() if name.endswith(".xml") and "sheet" in name.lower() else _Grid()


@dataclass
class _Grid:
    """How far the cells of a sheet reach."""

    rows: int = 0
    columns: int = 0

    @property
    def cells(self) -> int:
        """Count the cells of the grid between the first and the last."""
        return self.rows * self.columns

    def read(self, text: bytes) -> None:
        """Take note of the cells in a piece of a sheet."""


class _AddressedGrid(_Grid):
    """The grid of an Excel sheet, whose cells have addresses."""

    def read(self, text: bytes) -> None:
        cells = _SHEET_CELL.findall(text)
        if cells:
            self.rows = max(self.rows, *(int(row) for _, row in cells))
            self.columns = max(self.columns, *map(_column, {letters for letters, _ in cells}))


class _RepeatedGrid(_Grid):
    """The grid of an OpenDocument sheet, whose rows and cells say how often they stand there."""

    _row_repeats = 1
    _column = 0
    _row = 0

    def read(self, text: bytes) -> None:
        for tag, attributes in _OPEN_TAG.findall(text):
            repeated = _REPEATED.search(attributes)
            times = int(repeated.group(1)) if repeated else 1
            if tag == b"table:table":
                self._row, self._row_repeats, self._column = 0, 0, 0
            elif tag == b"table:table-row":
                self._row += self._row_repeats
                self._row_repeats, self._column = times, 0
            else:
                self._column += times
                if b"value-type" in attributes:
                    self.rows = max(self.rows, self._row + self._row_repeats)
                    self.columns = max(self.columns, self._column)


def _column(letters: bytes) -> int:
    """Return the number of a column.

    >>> _column(b"AA")
    27
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
