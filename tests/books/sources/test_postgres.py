"""The tables of a PostgreSQL database are read with their types; no password ever shows."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from counterpoise.books.sources import SourceError, open_source
from tests.books.sources.conftest import Open
from tests.postgres import Server

pytestmark = pytest.mark.postgres
VARIABLE = "COUNTERPOISE_TEST_PASSWORD"


@pytest.fixture
def url(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(
            """
            CREATE TABLE deals (id text, net numeric(12, 2), score numeric, huge numeric,
              none numeric, qty integer, closed date, at timestamptz, won boolean, tags text[],
              note varchar(20));
            INSERT INTO deals VALUES
              ('D1', 18.25, -0.125, 1e40, 'NaN', 3, '2024-01-05',
               '2024-01-05 10:00+00', true, '{a,b}', ' x '),
              ('D2', NULL, 12, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '');
            CREATE TABLE parts (id int, day date) PARTITION BY RANGE (day);
            CREATE TABLE parts_2024 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO (MAXVALUE);
            INSERT INTO parts VALUES (1, '2024-02-01');
            CREATE SCHEMA sales;
            CREATE TABLE sales."Odd name" (a int);
            CREATE ROLE stranger LOGIN PASSWORD 'hunter2';
            """
        )
        monkeypatch.setenv(VARIABLE, postgres.password)
        address = f"{postgres.host}:{postgres.port}/{postgres.database}"
        yield f"postgresql://{postgres.user}:${{{VARIABLE}}}@{address}"
        connection.execute("DROP TABLE deals, parts; DROP SCHEMA sales CASCADE; DROP ROLE stranger")


def test_reads_each_table_with_its_types(url: str, opened: Open) -> None:
    source = opened(url)
    source.lock()
    assert list(source.tables) == ["deals", "parts"]
    found = source.connection.execute(
        'SELECT * REPLACE (epoch("at") AS "at") FROM source.deals ORDER BY id'
    ).fetchall()
    assert found == [
        (
            "D1",
            Decimal("18.25"),
            Decimal("-0.125"),
            "1" + 40 * "0",
            "NaN",
            3,
            dt.date(2024, 1, 5),
            1_704_448_800.0,
            True,
            "[a, b]",
            "x",
        ),
        ("D2", None, Decimal(12), *[None] * 8),
    ]
    assert source.tables["parts"].rows == 1


def test_reads_another_schema(url: str, opened: Open) -> None:
    assert list(opened(f"{url}?schema=sales").tables) == ["Odd name"]
    with pytest.raises(SourceError, match="the schema 'slaes' has no table"):
        opened(f"{url}?schema=slaes")


def test_keeps_the_password_out_of_everything(
    url: str, postgres: Server, tmp_path: Path, opened: Open
) -> None:
    source = opened(url)
    assert postgres.password not in source.name
    for path in source.scratch.rglob("*"):
        assert not path.is_file() or postgres.password.encode() not in path.read_bytes()
    settings = source.connection.execute("SELECT value FROM duckdb_settings()").fetchall()
    assert not any(postgres.password in str(value) for (value,) in settings)
    assert source.connection.execute("SELECT path FROM duckdb_databases()").fetchall() == [
        (None,),
        (None,),
        (None,),
    ]
    assert source.connection.execute("FROM duckdb_secrets()").fetchall() == []


def test_says_that_the_password_is_wrong_without_showing_it(
    url: str, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "hunter2")
    with pytest.raises(SourceError, match="password authentication failed") as refusal:
        opened(url)
    assert "hunter2" not in str(refusal.value)
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__


def test_says_that_no_server_answers(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "hunter2")
    with pytest.raises(SourceError, match=r"database cannot be read .*[Cc]onnection refused") as e:
        opened(f"postgresql://ann:${{{VARIABLE}}}@127.0.0.1:1/crm")
    assert "hunter2" not in str(e.value)


def test_reads_nothing_that_the_user_may_not_read(
    url: str, postgres: Server, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "hunter2")
    with pytest.raises(SourceError, match="has no table that this user may read"):
        opened(url.replace(f"//{postgres.user}:", "//stranger:"))


def test_takes_the_password_that_the_environment_gives_the_client(
    url: str, postgres: Server, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", postgres.password)
    assert "deals" in opened(url.replace(f":${{{VARIABLE}}}", "")).tables


def test_leaves_no_temporary_file_when_the_database_refuses(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        open_source("postgresql://127.0.0.1:1/crm", scratch=tmp_path / "scratch")
    assert list((tmp_path / "scratch").iterdir()) == []
