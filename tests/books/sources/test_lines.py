"""Every row knows the line of its file."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.books.sources import Source, open_source
from counterpoise.books.sources.lines import LineCounter, Lines
from tests.books.sources.conftest import Open
from tests.books.sources.workbooks import Cell, xlsx


def lines_of(source: Source) -> dict[str, int]:
    """Return the line of each row by its first field."""
    (table,) = source.tables.values()
    found = source.connection.execute(f'SELECT "{table.columns[0]}" FROM {table.relation}')
    return {value: table.lines.line(row) for row, (value,) in enumerate(found.fetchall())}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("id,net\nD1,1\nD2,2\n", {"D1": 2, "D2": 3}),
        ("sep=;\n\nid;net\nD1;1\n", {"D1": 4}),
        ("id,net\nD1,1\n\n\nD2,2\n", {"D1": 2, "D2": 5}),
        ("id,net\n,\nD1,1\n , \n,\nD2,2\nD3,3\n", {"D1": 3, "D2": 6, "D3": 7}),
        ('id,net\nD1,"a\nb\n\nc"\nD2,2\nD3,"x"\n', {"D1": 2, "D2": 6, "D3": 7}),
        ('"i\nd",net\r\nD1,"a\r\nb"\r\nD2,2\r\n', {"D1": 3, "D2": 5}),
        ("id,net\nD1,1\nD2\nD3,3\nD4,4,4\nD5,5\n", {"D1": 2, "D3": 4, "D5": 6}),
        ("id,net\rD1,1\rD2,2", {"D1": 2, "D2": 3}),
        ("id\nD1\n\nD2\n", {"D1": 2, "D2": 4}),
    ],
)
def test_knows_the_line_of_each_row(
    tmp_path: Path, opened: Open, text: str, lines: dict[str, int]
) -> None:
    (tmp_path / "deals.csv").write_bytes(text.encode())
    assert lines_of(opened(tmp_path / "deals.csv")) == lines


def test_knows_the_row_of_a_sheet(tmp_path: Path, opened: Open) -> None:
    rows: list[list[Cell]] = [[], ["id", "net"], ["D1", 1], [], [" "], ["D2", 2], ["D3", 3]]
    path = xlsx(tmp_path / "deals.xlsx", {"A": rows})
    assert lines_of(opened(path)) == {"D1": 3, "D2": 6, "D3": 7}


def test_knows_lines_after_a_source_is_closed(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text('id,net\nD1,"a\nb"\nD2,2\n')
    with open_source(tmp_path / "deals.csv") as source:
        table = source.tables["deals"]
    assert table.lines.line(1) == 4


@given(st.lists(st.tuples(st.integers(1, 3), st.booleans(), st.booleans()), max_size=30))
def test_finds_the_line_that_counting_finds(rows: list[tuple[int, bool, bool]]) -> None:
    counter, line, dropped, expected = LineCounter(2), 2, [], []
    ordinal = 0
    for height, is_rejected, is_blank in rows:
        if not is_rejected:
            counter.add(line)
            if is_blank:
                dropped.append(ordinal)
            else:
                expected.append(line)
            ordinal += 1
        line += height
    lines = counter.lines().without(dropped)
    assert [lines.line(row) for row in range(len(expected))] == expected
    last = expected[-1] if expected else 2
    between = [line for line in lines.left_out() if line < last]
    assert between == sorted(set(range(2, last)) - set(expected))


def test_counts_from_the_first_line_without_breaks() -> None:
    assert Lines.without_breaks(5).line(10) == 15
