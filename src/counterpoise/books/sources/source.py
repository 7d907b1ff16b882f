"""An open source: its tables in DuckDB, and the lock that leaves nothing else to read."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

import duckdb

from counterpoise.books.progress import Progress, Silent
from counterpoise.books.quoting import literals
from counterpoise.books.sources.address import Address, is_address
from counterpoise.books.sources.aside import Aside, Rejects
from counterpoise.books.sources.bench import Bench
from counterpoise.books.sources.database import read_database
from counterpoise.books.sources.folder import SameTableTwiceError, files_of, read_file
from counterpoise.books.sources.refusal import ScratchFullError, SourceError, is_out_of_space
from counterpoise.books.sources.scan import as_pattern
from counterpoise.books.sources.scratch import Scratch
from counterpoise.books.sources.table import Reading, SourceTable


class ChangedSourceError(SourceError):
    """Raised when a file of the source is not what it was when the source was opened."""

    def __init__(self, source: str, detail: str) -> None:
        super().__init__(
            f"{source}: a file could no longer be read as it was found ({detail}); "
            "wait until nothing writes to it, then import again"
        )


class TooLittleMemoryError(SourceError):
    """Raised when reading takes more memory than it may."""

    def __init__(self, source: str, limit: str) -> None:
        super().__init__(f"{source}: cannot be read within {limit} of memory; allow more")


class Source:
    """A folder, file or database, ready to be queried; made by `open_source`.

    `connection` holds a table or view for each table in the schema `source`, and the rows that
    could not be read in `aside.rows`. Close it, or use it as a context manager: every temporary
    file goes.
    """

    def __init__(self, name: str, bench: Bench, readings: Iterable[Reading]) -> None:
        self.name = name
        self.connection = bench.connection
        self.scratch = bench.scratch.folder
        self._bench = bench
        self._readings = sorted(readings, key=lambda reading: reading.name)
        self._require_distinct_names()
        self.connection.execute("CREATE SCHEMA source")
        for reading in self._readings:
            self.connection.execute(f"CREATE VIEW {reading.relation} AS {reading.query}")
        bench.aside.load(self.connection)
        self.tables: Mapping[str, SourceTable] = MappingProxyType(
            {reading.name: reading.table() for reading in self._readings}
        )
        self._stamps = {path: _stamp(path) for path in self._files()}

    @property
    def rejects(self) -> Rejects:
        """Return the rows that are no rows of their table."""
        return Rejects(self.connection, self._bench.aside.count)

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 over names and content of all tables."""
        lines = "".join(f"{reading.name}\0{reading.content}\n" for reading in self._readings)
        return hashlib.sha256(lines.encode()).hexdigest()

    def lock(self) -> None:
        """Leave nothing to read but the tables here and the scratch folder, once and for all.

        A statement can still write what it can read: let only single SELECTs through.
        """
        paths = [form for path in self._files() for form in {str(path), as_pattern(path)}]
        self.connection.execute(f"SET allowed_paths = [{literals(paths)}]")
        self.connection.execute(f"SET allowed_directories = [{literals([str(self.scratch)])}]")
        self.connection.execute("SET enable_external_access = false")
        self.connection.execute("SET lock_configuration = true")

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Say in plain words when a file changes, goes, or the disk fills up during a query.

        Raises:
            ChangedSourceError: A file is not what it was.
            ScratchFullError: There is no room for temporary files.
        """
        try:
            yield
        except (duckdb.IOException, duckdb.InvalidInputException) as failure:
            if is_out_of_space(failure):
                raise ScratchFullError(self.scratch.parent) from failure
            self.require_unchanged()
            raise
        self.require_unchanged()

    def require_unchanged(self) -> None:
        """Refuse to go on when a file has changed since it was opened.

        Raises:
            ChangedSourceError: One has.
        """
        for path, stamp in self._stamps.items():
            if _stamp(path) != stamp:
                raise ChangedSourceError(self.name, f"{path.name} has changed")

    def close(self) -> None:
        """Close the connection and remove every temporary file."""
        self.connection.close()
        self._bench.scratch.remove()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _files(self) -> list[Path]:
        return [path for reading in self._readings for path in reading.files]

    def _require_distinct_names(self) -> None:
        seen: dict[str, Reading] = {}
        for reading in self._readings:
            other = seen.setdefault(reading.name.casefold(), reading)
            if other is not reading:
                raise SameTableTwiceError(self.name, reading.name, other.location, reading.location)


def open_source(
    source: str | Path,
    *,
    memory_limit: str = "4GB",
    progress: Progress | None = None,
    scratch: Path | None = None,
) -> Source:
    """Open a folder, a file or a database and make its tables ready to be queried.

    Args:
        source: A folder, one file, or a database's URL.
        memory_limit: How much memory queries may take before they use the disk.
        progress: Who is told how far reading is.
        scratch: The folder for temporary files; the system's where there is none.

    Raises:
        SourceError: It is missing, refused, empty, damaged, or holds no table.
    """
    address = Address.parse(str(source)) if is_address(str(source)) else None
    files = [] if address else [path.absolute() for path in files_of(Path(source))]
    name = address.shown if address else str(source)
    with ExitStack() as undo:
        room = Scratch(scratch)
        undo.callback(room.remove)
        bench = _bench(room, memory_limit, progress or Silent())
        undo.callback(bench.connection.close)
        undo.callback(bench.aside.close)
        try:
            if address:
                readings = read_database(address, bench)
            else:
                readings = [reading for path in files for reading in read_file(path, bench)]
            opened = Source(name, bench, readings)
        except duckdb.OutOfMemoryException as failure:
            raise TooLittleMemoryError(name, memory_limit) from failure
        undo.pop_all()  # from here on it is for whoever holds the source to close it
    return opened


def _bench(scratch: Scratch, memory_limit: str, progress: Progress) -> Bench:
    spill = scratch.folder / "spill"
    spill.mkdir()
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": memory_limit,
            "temp_directory": str(spill),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
        },
    )
    connection.execute("SET enable_progress_bar = false")  # it would write to standard output
    return Bench(connection, scratch, Aside(scratch), progress)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (-1, -1)
    return (found.st_size, found.st_mtime_ns)
