"""What is written is what is read, whatever the encoding, separator and line end."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterpoise.books.sources import open_source

_BLANKS = " \t\n\v\f\r\u00a0\u2007\u202f\ufeff"
_LETTERS = st.sampled_from([*'ab7,;|\t"\n\r .#-é€Ł', "\u00a0", "\r\n", '""', "sep=", "NULL"])
_CELLS = st.lists(_LETTERS, max_size=8).map("".join)
_ENCODINGS = ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-be-mark"]


@st.composite
def _tables(draw: st.DrawFn) -> list[list[str]]:
    width = draw(st.integers(1, 4))
    return draw(st.lists(st.lists(_CELLS, min_size=width, max_size=width), max_size=12))


def _written(rows: list[list[str]], separator: str, line_end: str, *, quote_all: bool) -> str:
    def cell(text: str) -> str:
        is_special = any(letter in text for letter in f'{separator}"\r\n') or text != text.strip()
        return '"' + text.replace('"', '""') + '"' if quote_all or is_special else text

    header = [f"column{number}" for number in range(len(rows[0]) if rows else 2)]
    return "".join(separator.join(map(cell, row)) + line_end for row in [header, *rows])


def _encoded(text: str, encoding: str) -> bytes:
    if encoding == "utf-16-be-mark":
        return b"\xfe\xff" + text.encode("utf-16-be")
    return text.encode(encoding)


def _expected(rows: list[list[str]]) -> list[tuple[str | None, ...]]:
    trimmed = [tuple(cell.strip(_BLANKS) or None for cell in row) for row in rows]
    return [row for row in trimmed if any(row)]


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=_tables(),
    encoding=st.sampled_from(_ENCODINGS),
    separator=st.sampled_from(",;\t|"),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    quote_all=st.booleans(),
)
def test_reads_back_exactly_what_was_written(
    rows: list[list[str]], encoding: str, separator: str, line_end: str, *, quote_all: bool
) -> None:
    if encoding == "cp1252":
        rows = [[cell.replace("Ł", "l").replace("\u202f", " ") for cell in row] for row in rows]
    content = _encoded(_written(rows, separator, line_end, quote_all=quote_all), encoding)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_bytes(content)
        with open_source(path) as source:
            found = source.connection.execute('FROM source."table"').fetchall()
            assert list(source.rejects) == []
            assert found == _expected(rows)
            assert source.tables["table"].rows == len(found)
