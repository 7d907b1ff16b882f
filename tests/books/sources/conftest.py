"""What the tests of sources share."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from counterpoise.books.sources import Source, open_source

Open = Callable[..., Source]
Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    return tmp_path / "scratch"


@pytest.fixture
def opened(scratch: Path) -> Iterator[Open]:
    """Open sources that are closed after the test, and find nothing left behind."""
    sources: list[Source] = []

    def open_(source: str | Path, **options: Any) -> Source:
        sources.append(open_source(source, scratch=scratch, **options))
        return sources[-1]

    yield open_
    for source in sources:
        source.close()
    assert not scratch.exists() or list(scratch.iterdir()) == []


@pytest.fixture
def rows_of(tmp_path: Path, opened: Open) -> Rows:
    """Return what is read from the bytes or text of a file."""

    def rows(content: bytes | str, name: str = "deals.csv", encoding: str = "utf-8") -> Any:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        source = opened(path)
        (table,) = source.tables.values()
        found = source.connection.execute(f"FROM {table.relation}").fetchall()
        assert len(found) == table.rows
        return found

    return rows
