"""A workspace, small sources written on the spot, and what an import made of them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from counterpoise.books.importing import ImportReport, import_books
from counterpoise.books.problems import Problem, Rule
from counterpoise.books.snapshot import find_snapshot
from counterpoise.books.workspace import Workspace

Write = Callable[..., Path]
Rows = Callable[..., list[tuple[Any, ...]]]
Import = Callable[..., ImportReport]
Find = Callable[[ImportReport, Rule], list[Problem]]

DEALS = "deal_id,outcome,created_at,closed_at,net_amount"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "workspace", currency="USD", time_zone="Europe/Zagreb")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write CSV files: `write(deals="deal_id,…", people="…")` gives their folder."""

    def write_files(folder: str = "source", **tables: str) -> Path:
        place = tmp_path / folder
        place.mkdir(exist_ok=True)
        for old in place.iterdir():
            old.unlink()
        for name, text in tables.items():
            (place / f"{name}.csv").write_text(text.strip() + "\n", encoding="utf-8")
        return place

    return write_files


@pytest.fixture
def imported(workspace: Workspace, write: Write) -> Import:
    """Import CSV text: `imported(deals="deal_id,…")`."""

    def run(accept: bool = False, **tables: str) -> ImportReport:
        return import_books(workspace, write(**tables), accept=accept)

    return run


@pytest.fixture
def rows(workspace: Workspace) -> Rows:
    """Read columns of a table of the snapshot in use, in its order."""

    def read(table: str, *columns: str, snapshot: str = "current") -> list[tuple[Any, ...]]:
        file = find_snapshot(workspace, snapshot) / f"{table}.parquet"
        listed = ", ".join(f'"{name}"' for name in columns) or "*"
        with duckdb.connect() as connection:
            return connection.execute(f"SELECT {listed} FROM read_parquet('{file}')").fetchall()

    return read


@pytest.fixture
def found() -> Find:
    """Find the problems of a rule."""
    return lambda report, rule: [each for each in report.problems if each.rule is rule]


def deals(*lines: str, header: str = DEALS) -> str:
    """Return the text of a table of deals."""
    return "\n".join((header, *lines))


def tree(folder: Path) -> Mapping[str, bytes]:
    """Return every file below a folder with its content, and every empty folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in sorted(folder.rglob("*"))
    }


@contextmanager
def nothing_changes(workspace: Workspace) -> Iterator[None]:
    """Fail if the block changes a file of the workspace."""
    before = tree(workspace.root)
    yield
    assert tree(workspace.root) == before
