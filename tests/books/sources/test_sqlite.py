"""The tables of a SQLite file are read with the types of their values."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from counterpoise.books.sources import Source, SourceError
from tests.books.sources.conftest import Open


def database(path: Path, *statements: str) -> str:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return f"sqlite:///{path}"


def rows(source: Source, relation: str) -> Iterable[tuple[object, ...]]:
    return source.connection.execute(f"FROM {relation}").fetchall()


def test_reads_each_table_with_the_types_of_its_values(tmp_path: Path, opened: Open) -> None:
    url = database(
        tmp_path / "crm.db",
        "CREATE TABLE deals (id INTEGER, net REAL, term REAL, closed DATE, mixed, note TEXT, b)",
        "INSERT INTO deals VALUES (1, 18.25, 12, '05/26/2024', 7, ' a ', x'00ff')",
        "INSERT INTO deals VALUES (2, 20, 24, '2024-01-05', 7.5, '', NULL)",
        "INSERT INTO deals VALUES (NULL, NULL, NULL, NULL, 'x', NULL, 3)",
        'CREATE TABLE "Odd ""name" (a)',
        "CREATE VIEW seen AS SELECT 1",
    )
    source = opened(url)
    source.lock()
    assert list(source.tables) == ['Odd "name', "deals"]
    deals = source.tables["deals"]
    assert (deals.typed, deals.rows) == (True, 3)
    assert rows(source, deals.relation) == [
        (1, 18.25, 12, "05/26/2024", "7", "a", "00FF"),
        (2, 20.0, 24, "2024-01-05", "7.5", None, None),
        (None, None, None, None, "x", None, "3"),
    ]
    assert source.tables['Odd "name'].rows == 0


def test_reads_only_the_tables_that_are_named(tmp_path: Path, opened: Open) -> None:
    url = database(tmp_path / "crm.db", "CREATE TABLE a (x)", "CREATE TABLE b (x)")
    assert list(opened(f"{url}?tables=b").tables) == ["b"]
    with pytest.raises(SourceError, match="unknown table 'leads'; known: 'a', 'b'"):
        opened(f"{url}?tables=a,leads")


def test_leaves_the_file_as_it_was_and_closed(tmp_path: Path, opened: Open) -> None:
    path = tmp_path / "crm.db"
    url = database(path, "CREATE TABLE a (x)", "INSERT INTO a VALUES (1)")
    before = path.read_bytes()
    source = opened(url)
    source.lock()
    assert path.read_bytes() == before
    path.unlink()
    assert rows(source, "source.a") == [(1,)]
    for escape in (f"FROM sqlite_scan('{path}', 'a')", f"ATTACH '{path}' AS d (TYPE sqlite)"):
        with pytest.raises(duckdb.Error):
            source.connection.execute(escape)


def test_gives_the_same_rows_the_same_fingerprint(tmp_path: Path, opened: Open) -> None:
    one = database(tmp_path / "1.db", "CREATE TABLE a (x)", "INSERT INTO a VALUES (1), (2), (2)")
    two = database(tmp_path / "2.db", "CREATE TABLE a (x)", "INSERT INTO a VALUES (2), (1), (2)")
    three = database(tmp_path / "3.db", "CREATE TABLE a (x)", "INSERT INTO a VALUES (1), (1), (2)")
    fingerprint = opened(one).fingerprint
    assert opened(two).fingerprint == fingerprint
    assert opened(three).fingerprint != fingerprint


def test_says_that_a_file_is_missing(tmp_path: Path, opened: Open) -> None:
    database(tmp_path / "crm.db", "CREATE TABLE a (x)")
    with pytest.raises(SourceError, match=r"crn\.db: no such file.*nearest there is 'crm\.db'"):
        opened(f"sqlite:///{tmp_path}/crn.db")


def test_proposes_the_fourth_slash_of_a_path_from_the_root(tmp_path: Path, opened: Open) -> None:
    database(tmp_path / "crm.db", "CREATE TABLE a (x)")
    with pytest.raises(SourceError) as refusal:
        opened(f"sqlite://{tmp_path}/crm.db")
    assert f"four slashes: sqlite:///{tmp_path}/crm.db" in str(refusal.value)


def test_refuses_a_file_that_is_no_database(tmp_path: Path, opened: Open) -> None:
    (tmp_path / "crm.db").write_text("id,net\n" * 500)
    with pytest.raises(SourceError, match=r"cannot be read .*file is not a database"):
        opened(f"sqlite:///{tmp_path}/crm.db")


def test_refuses_a_database_without_tables(tmp_path: Path, opened: Open) -> None:
    url = database(tmp_path / "crm.db", "CREATE TABLE a (x)", "DROP TABLE a")
    with pytest.raises(SourceError, match=r"crm\.db: the schema 'main' has no table"):
        opened(url)


def test_refuses_a_damaged_database(tmp_path: Path, opened: Open) -> None:
    path = tmp_path / "crm.db"
    url = database(path, "CREATE TABLE a (x)", "INSERT INTO a VALUES (hex(randomblob(50000)))")
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(SourceError, match="the database cannot be read"):
        opened(url)


def test_refuses_text_that_is_no_utf_8(tmp_path: Path, opened: Open) -> None:
    url = database(
        tmp_path / "crm.db", "CREATE TABLE a (x)", "INSERT INTO a VALUES (CAST(x'4dfc' AS TEXT))"
    )
    with pytest.raises(SourceError, match=r"crm\.db: .* \(table 'a': .* is not valid UTF8"):
        opened(url)
