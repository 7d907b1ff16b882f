"""Headers that are no headers are refused at once, whatever their size."""

import time
from pathlib import Path

import pytest

from counterpoise.books.sources import SourceError
from tests.books.sources.conftest import Open


@pytest.mark.parametrize("columns", [2_001, 100_000, 1_000_000])
def test_refuses_a_header_of_too_many_columns(tmp_path: Path, opened: Open, columns: int) -> None:
    path = tmp_path / "deals.csv"
    path.write_text("\n" + ",".join(f"c{i}" for i in range(columns)) + "\n" + "1," * columns)
    started = time.perf_counter()
    with pytest.raises(SourceError, match=f"the header has {columns:,} columns, at most 2,000"):
        opened(path)
    assert time.perf_counter() - started < 5


def test_reads_as_many_columns_as_there_may_be(tmp_path: Path, opened: Open) -> None:
    path = tmp_path / "deals.csv"
    path.write_text(";".join(f"c{i}" for i in range(2_000)) + "\n" + "1;" * 1_999 + "1\n")
    (table,) = opened(path).tables.values()
    assert (len(table.columns), table.rows) == (2_000, 1)


def test_refuses_a_first_line_without_an_end(tmp_path: Path, opened: Open) -> None:
    (tmp_path / "deals.csv").write_text("x" * 3_000_000)
    with pytest.raises(SourceError, match="the first line is longer than 1,048,576 characters"):
        opened(tmp_path / "deals.csv")


def test_refuses_a_header_with_a_quote_that_is_not_closed(tmp_path: Path, opened: Open) -> None:
    (tmp_path / "deals.csv").write_text('\nid,"net\nD1,18\n')
    with pytest.raises(SourceError, match="line 2, the header, cannot be read: a quote is opened"):
        opened(tmp_path / "deals.csv")


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("deal_id,net\nD1", ("deal_id", "net")),
        ("deal id, net\nD1", ("deal id, net",)),
        ("deal_id,net,outcome\nD1", ("deal_id", "net", "outcome")),
        ("a;b\n1,5;2,5\n", ("a", "b")),
        ("a|b,c\n1|2,3\n4|5,6\n7|8\n", ("a", "b,c")),
        ("name, full\nSmith\nJones\nKing\n", ("name, full",)),
        ("a,b,c\n1,2,3\n4,5\n6,7\n8\n", ("a", "b", "c")),
        ('"a";"b"\n"1;2";"3"\n', ("a", "b")),
        ("id;net, EUR\nD1;5,0\nD2;7,50\n", ("id", "net, EUR")),
        ('"a";"b"\n"";"\n,a"\n', ("a", "b")),
        ("a\tb c\n1\t2, 3; 4\n", ("a", "b c")),
    ],
)
def test_finds_the_separator_by_evidence(
    tmp_path: Path, opened: Open, text: str, columns: tuple[str, ...]
) -> None:
    (tmp_path / "deals.csv").write_text(text)
    (table,) = opened(tmp_path / "deals.csv").tables.values()
    assert table.columns == columns
