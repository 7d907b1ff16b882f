"""An open source can be locked, notices change, and leaves nothing behind."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from counterpoise.books.sources import Source, SourceError, open_source
from tests.books.sources.conftest import Open


@pytest.fixture
def locked(tmp_path: Path, opened: Open) -> Source:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "deals.csv").write_text("id,net\nD1,18\n")
    (folder / "leads.csv").write_bytes(b"id,name\nL1,M\xfcller\n")
    duckdb.sql("SELECT 'P1' AS product_id, 5 AS price").write_parquet(
        str(folder / "products.parquet")
    )
    (folder / "private.txt.bak").write_text("secret\n1\n")
    (tmp_path / "outside.csv").write_text("secret\n1\n")
    source = opened(folder)
    source.lock()
    return source


def test_reads_its_tables_when_locked(locked: Source) -> None:
    query = "SELECT d.net, l.name, p.price FROM source.deals d, source.leads l, source.products p"
    assert locked.connection.execute(query).fetchall() == [("18", "Müller", 5)]


@pytest.mark.parametrize(
    "statement",
    [
        "FROM '{outside}'",
        "FROM read_csv('{outside}')",
        "SELECT content FROM read_text('{outside}')",
        "SELECT content FROM read_blob('{beside}')",
        "FROM read_text('{inside}/../../outside.csv')",
        "FROM read_csv('{inside}/*')",
        "FROM read_csv('/proc/self/environ')",
        "FROM glob('/etc/*')",
        "SELECT getenv('HOME')",
        "FROM duckdb_secrets()",
        "ATTACH '{outside}.db' AS other",
        "ATTACH '{outside}.db' AS other (TYPE sqlite)",
        "COPY (SELECT 1) TO '{outside}'",
        "COPY source.deals TO '{inside}/new.csv'",
        "EXPORT DATABASE '{outside}.folder'",
        "INSTALL httpfs",
        "LOAD sqlite_scanner",
        "FROM read_csv('https://localhost/x.csv')",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
        "RESET lock_configuration",
        "SET threads = 1",
        "CREATE SECRET s (TYPE s3)",
        "FROM visible_frame",
    ],
)
def test_lets_no_statement_read_or_write_elsewhere(
    tmp_path: Path, locked: Source, statement: str
) -> None:
    visible_frame: Any = duckdb.sql("SELECT 1")  # what DuckDB would find by its name
    places = {
        "outside": tmp_path / "outside.csv",
        "beside": tmp_path / "export" / "private.txt.bak",
        "inside": tmp_path / "export",
    }
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(duckdb.Error):
        locked.connection.execute(statement.format(**places)).fetchall()
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "outside.csv").read_text() == "secret\n1\n"
    assert visible_frame is not None


def test_sorts_more_than_fits_into_memory_when_locked(tmp_path: Path, opened: Open) -> None:
    (tmp_path / "deals.csv").write_text("id\nD1\n")
    source = opened(tmp_path / "deals.csv", memory_limit="60MB")
    source.lock()
    query = (
        "SELECT count(*) FROM (SELECT repeat(i::VARCHAR, 40) AS t FROM range(300000) AS r(i) "
        "ORDER BY t DESC OFFSET 1)"
    )
    assert source.connection.execute(query).fetchall() == [(299_999,)]


def test_lets_the_scratch_folder_be_written_when_locked(locked: Source) -> None:
    target = locked.scratch / "out.parquet"
    locked.connection.execute(f"COPY source.deals TO '{target}' (FORMAT parquet)")
    assert target.is_file()


@pytest.mark.parametrize("change", ["D1,18\nD2,20\n", None])
def test_notices_a_file_that_changes_while_it_is_read(
    tmp_path: Path, opened: Open, change: str | None
) -> None:
    path = tmp_path / "deals.csv"
    path.write_text("id,net\nD1,18\n")
    source = opened(path)
    if change is None:
        path.unlink()
    else:
        path.write_text("id,net\n" + change)
    with (
        pytest.raises(SourceError, match=r"deals\.csv has changed.*import again"),
        source.reading(),
    ):
        source.connection.execute("FROM source.deals").fetchall()


def test_removes_every_temporary_file_when_it_closes(tmp_path: Path) -> None:
    path, scratch = tmp_path / "deals.csv", tmp_path / "scratch"
    path.write_bytes(b"id,name\rD1,M\xfcller\r")
    with open_source(path, scratch=scratch) as source:
        assert len(list(source.scratch.iterdir())) > 1
    assert list(scratch.iterdir()) == []


def test_removes_every_temporary_file_when_opening_fails(tmp_path: Path) -> None:
    folder, scratch = tmp_path / "export", tmp_path / "scratch"
    folder.mkdir()
    (folder / "a.csv").write_bytes(b"id,name\rD1,M\xfcller\r")
    (folder / "b.csv").write_bytes(b"")
    with pytest.raises(SourceError):
        open_source(folder, scratch=scratch)
    assert list(scratch.iterdir()) == []


def test_says_where_no_scratch_folder_can_be_made(tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_text("id\nD1\n")
    with pytest.raises(SourceError, match="no folder for temporary files can be made here"):
        open_source(path, scratch=path / "scratch")


def test_tells_how_far_it_is(tmp_path: Path, opened: Open) -> None:
    class Watched:
        def __init__(self) -> None:
            self.heard: list[object] = []

        def start(self, title: str, total: int | None = None) -> None:
            self.heard.append((title, total))

        def advance(self, amount: int = 1) -> None:
            self.heard.append(amount)

        def done(self) -> None:
            self.heard.append("done")

    (tmp_path / "deals.csv").write_text("id\nD1\n")
    progress = Watched()
    opened(tmp_path / "deals.csv", progress=progress)
    assert progress.heard == [("Reading deals.csv", 6), 6, "done"]


def test_reads_through_a_link(tmp_path: Path, opened: Open) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "x.csv").write_text("id,net\nD1,18\n")
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "deals.csv").symlink_to(tmp_path / "real" / "x.csv")
    source = opened(tmp_path / "export")
    source.lock()
    assert source.connection.execute("FROM source.deals").fetchall() == [("D1", "18")]
