"""The temporary folder of one open source."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import duckdb

from counterpoise.books.sources.refusal import ScratchFullError, SourceError, is_out_of_space


class ScratchFolderError(SourceError):
    """Raised when no temporary folder can be made."""

    def __init__(self, parent: Path | None, failure: OSError) -> None:
        where = parent or tempfile.gettempdir()
        super().__init__(
            f"{where}: no folder for temporary files can be made here "
            f"({failure.strerror or failure}); check that it exists and that you may write to it"
        )


class Scratch:
    """A folder of its own for temporary files; removed as a whole."""

    def __init__(self, parent: Path | None) -> None:
        try:
            if parent is not None:
                parent.mkdir(parents=True, exist_ok=True)
            self.folder = Path(tempfile.mkdtemp(prefix="source-", dir=parent)).absolute()
        except OSError as failure:
            if is_out_of_space(failure):
                raise ScratchFullError(parent or Path(tempfile.gettempdir())) from failure
            raise ScratchFolderError(parent, failure) from failure
        self._numbers = count(1)

    def new(self, suffix: str) -> Path:
        """Return a path for a temporary file that does not exist yet."""
        return self.folder / f"{next(self._numbers)}{suffix}"

    @contextmanager
    def room(self) -> Iterator[None]:
        """Say in plain words when the disk fills up while something is written here."""
        try:
            yield
        except (OSError, duckdb.IOException) as failure:
            if is_out_of_space(failure):
                raise ScratchFullError(self.folder.parent) from failure
            raise

    def remove(self) -> None:
        """Remove the folder with everything in it."""
        shutil.rmtree(self.folder, ignore_errors=True)
