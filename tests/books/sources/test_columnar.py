"""Parquet files keep their types; damage is said in one message."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from counterpoise.books.sources import SourceError
from tests.books.sources.conftest import Open


def parquet(path: Path, query: str) -> Path:
    duckdb.connect().execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


def test_keeps_the_types_of_a_parquet_file(tmp_path: Path, opened: Open) -> None:
    query = (
        "SELECT 'D1' AS id, 18.50::DECIMAL(18,4) AS net, 12 AS term, 0.5::DOUBLE AS score, "
        "DATE '2024-01-05' AS day, TIMESTAMP '2024-01-05 10:00:00' AS at, true AS won"
    )
    source = opened(parquet(tmp_path / "deals.parquet", query))
    source.lock()
    (table,) = source.tables.values()
    assert (table.typed, table.rows, table.location) == (True, 1, "deals.parquet")
    assert source.connection.execute("FROM source.deals").fetchall() == [
        (
            "D1",
            Decimal("18.5000"),
            12,
            0.5,
            dt.date(2024, 1, 5),
            dt.datetime(2024, 1, 5, 10),
            True,
        )
    ]


def test_trims_the_text_of_a_parquet_file(tmp_path: Path, opened: Open) -> None:
    query = "FROM (VALUES (' D1 ', 1, ''), ('D2', 2, chr(160)), (' ', NULL, NULL)) v(id, net, x)"
    source = opened(parquet(tmp_path / "deals.parquet", query))
    assert source.connection.execute("FROM source.deals").fetchall() == [
        ("D1", 1, None),
        ("D2", 2, None),
    ]
    assert source.tables["deals"].rows == 2


def test_reads_nested_and_binary_columns_as_text(tmp_path: Path, opened: Open) -> None:
    query = "SELECT [1, 2] AS list, {'a': 1} AS struct, 'ab'::BLOB AS bytes, 'x'::ENUM('x') AS word"
    source = opened(parquet(tmp_path / "deals.parquet", query))
    assert source.connection.execute("FROM source.deals").fetchall() == [
        ("[1, 2]", "{'a': 1}", "ab", "x")
    ]


def test_reads_an_empty_parquet_table(tmp_path: Path, opened: Open) -> None:
    source = opened(parquet(tmp_path / "deals.parquet", "SELECT 1 AS id, 'x' AS t WHERE false"))
    assert (source.tables["deals"].rows, source.tables["deals"].columns) == (0, ("id", "t"))


@pytest.mark.parametrize("cut", [20, 2_000, 100_000])
def test_refuses_a_parquet_file_that_is_cut_short(tmp_path: Path, opened: Open, cut: int) -> None:
    query = "SELECT i, hash(i)::VARCHAR AS t FROM range(50000) r(i)"
    whole = parquet(tmp_path / "whole.parquet", query).read_bytes()
    (tmp_path / "deals.parquet").write_bytes(whole[:-cut])
    with pytest.raises(SourceError, match=r"deals\.parquet: the Parquet file is damaged or cut"):
        opened(tmp_path / "deals.parquet")


def test_refuses_a_parquet_file_with_damaged_pages(tmp_path: Path, opened: Open) -> None:
    query = "SELECT i, hash(i)::VARCHAR AS t FROM range(50000) r(i)"
    path = parquet(tmp_path / "deals.parquet", query)
    content = bytearray(path.read_bytes())
    content[1_000:90_000] = b"\xff" * 89_000
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"deals\.parquet: the Parquet file is damaged or cut"):
        opened(path)


def test_refuses_text_that_is_named_like_a_parquet_file(tmp_path: Path, opened: Open) -> None:
    (tmp_path / "deals.parquet").write_text("id,net\nD1,18\n")
    with pytest.raises(SourceError, match=r"deals\.parquet: the Parquet file is damaged or cut"):
        opened(tmp_path / "deals.parquet")
