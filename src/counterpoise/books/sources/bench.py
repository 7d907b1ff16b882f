"""What a reader needs at hand: a connection, room for temporary files, a place for rejects."""

from dataclasses import dataclass

import duckdb

from counterpoise.books.progress import Progress
from counterpoise.books.sources.aside import Aside
from counterpoise.books.sources.scratch import Scratch


@dataclass(frozen=True)
class Bench:
    """The tools of one open source."""

    connection: duckdb.DuckDBPyConnection
    scratch: Scratch
    aside: Aside
    progress: Progress
