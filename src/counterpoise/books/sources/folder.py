"""What people point at: a folder or file on this machine, and the tables it holds."""

from collections.abc import Callable
from pathlib import Path

from counterpoise.books.sources.bench import Bench
from counterpoise.books.sources.binary import kind_of
from counterpoise.books.sources.columnar import read_parquet
from counterpoise.books.sources.delimited import read_delimited
from counterpoise.books.sources.refusal import SourceError, UnreadableFileError
from counterpoise.books.sources.spreadsheet import read_workbook
from counterpoise.books.sources.table import Reading
from counterpoise.books.spelling import nearest

_DELIMITED = (".csv", ".tsv", ".txt", ".tab")
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
_READABLE = (*_DELIMITED, *(f"{ending}.gz" for ending in _DELIMITED), ".parquet", *_WORKBOOKS)
# Text files that lie beside tables and are none.
_PROSE = {"readme", "license", "licence", "notice", "changelog", "copying", "authors"}


class MissingSourceError(SourceError):
    """Raised when nothing is where the source should be."""

    def __init__(self, path: Path) -> None:
        parent = path.absolute().parent
        present = sorted(entry.name for entry in parent.iterdir()) if parent.is_dir() else []
        near = nearest(path.name, present)
        if not parent.is_dir():
            hint = f"the folder {parent} does not exist either"
        elif near is not None:
            hint = f"the nearest there is {near!r}"
        else:
            hint = f"nothing in {parent} has a name like it"
        super().__init__(f"{path}: no such file or folder; {hint}")


class UnknownFormatError(SourceError):
    """Raised when a file has an ending that is not read."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: {_what(path)}; {_endings()}")


class NoTablesError(SourceError):
    """Raised when a folder holds no file that can be read as a table."""

    def __init__(self, folder: Path) -> None:
        deeper = next((entry for entry in sorted(folder.iterdir()) if _has_tables(entry)), None)
        hint = f"there are some in {deeper}, give that folder instead" if deeper else _endings()
        super().__init__(f"{folder}: no table in this folder; {hint}")


class FolderNamedLikeFileError(SourceError):
    """Raised when a folder stands where a table's file should."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}: this is a folder, not a file; give it another name, or put the table itself "
            "in its place"
        )


class SameTableTwiceError(SourceError):
    """Raised when two files or sheets would be the same table."""

    def __init__(self, source: str, name: str, first: str, second: str) -> None:
        super().__init__(
            f"{source}: {first} and {second} would both be the table {name!r}; "
            "remove or rename one of them"
        )


Reader = Callable[[Path, str, Bench], list[Reading]]


def files_of(source: Path) -> list[Path]:
    """Return the files of a source that hold tables, in the order of their names.

    Raises:
        SourceError: There is none, or the source is missing or of an unknown kind.
    """
    try:
        if not source.exists():
            raise MissingSourceError(source)
        if source.is_dir():
            return _files_in(source)
    except PermissionError as failure:
        raise UnreadableFileError(source, failure) from failure
    if not source.is_file() or _ending(source) not in _READABLE:
        raise UnknownFormatError(source)
    return [source]


def read_file(path: Path, bench: Bench) -> list[Reading]:
    """Read every table of a file.

    Raises:
        SourceError: It cannot be read.
    """
    ending = _ending(path)
    name = path.name[: -len(ending)].strip() or path.name
    try:
        bench.progress.start(f"Reading {path.name}", total=path.stat().st_size)
        readings = _reader(ending)(path, name, bench)
        bench.progress.done()
    except OSError as failure:
        raise UnreadableFileError(path, failure) from failure
    return readings


def _reader(ending: str) -> Reader:
    if ending in _WORKBOOKS:
        return read_workbook
    if ending == ".parquet":
        return lambda path, name, bench: [read_parquet(path, name, bench)]
    return lambda path, name, bench: [read_delimited(path, name, bench)]


def _files_in(folder: Path) -> list[Path]:
    entries = [entry for entry in sorted(folder.iterdir()) if _holds_table(entry)]
    for entry in entries:
        if entry.is_dir():
            raise FolderNamedLikeFileError(entry)
    if not entries:
        raise NoTablesError(folder)
    return entries


def _holds_table(path: Path) -> bool:
    """Tell whether a name is that of a table's file."""
    is_hidden = path.name.startswith((".", "~$"))
    is_prose = path.suffix.lower() == ".txt" and path.stem.lower() in _PROSE
    return not is_hidden and not is_prose and _ending(path) != ""


def _has_tables(path: Path) -> bool:
    return path.is_dir() and any(_holds_table(entry) for entry in path.iterdir())


def _ending(path: Path) -> str:
    name = path.name.lower()
    return next(
        (ending for ending in sorted(_READABLE, key=len)[::-1] if name.endswith(ending)), ""
    )


def _what(path: Path) -> str:
    if not path.is_file():
        return "this is neither a file nor a folder"
    with path.open("rb") as stream:
        kind = kind_of(stream.read(4_096))
    ending = f"the ending {path.suffix!r}" if path.suffix else "a name without an ending"
    return f"{ending} is not read" + (f"; it seems to be {kind}" if kind else "")


def _endings() -> str:
    listed = ", ".join(ending for ending in _READABLE if not ending.endswith(".gz"))
    return f"tables are read from {listed} (text also as .gz)"
