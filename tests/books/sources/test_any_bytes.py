"""No content whatever makes reading fail in any way but by its own message."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.books.sources import SourceError, open_source

_PUNCTUATION = [b'"', b",", b";", b"\t", b"|", b"\n", b"\r", b"\r\n", b'""', b"sep=", b" ", b"\0"]
_LETTERS = [b"a", b"1", b"\xe9", "é".encode(), "\u00a0".encode(), b"\xff\xfe", b"x" * 5_000]
_PIECES = st.sampled_from([*_PUNCTUATION, *_LETTERS])


@settings(max_examples=150, deadline=None)
@given(
    content=st.lists(_PIECES, max_size=60).map(b"".join),
    name=st.sampled_from(["a.csv", "a.csv.gz", "a.parquet", "a.xlsx", "a.xls", "a.ods"]),
)
def test_any_content_is_read_or_refused(content: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            with open_source(path, scratch=Path(folder) / "scratch") as source:
                for table in source.tables.values():
                    query = f"FROM {table.relation}"
                    assert len(source.connection.execute(query).fetchall()) == table.rows
        except SourceError:
            pass
        assert list((Path(folder) / "scratch").iterdir()) == []


@settings(max_examples=100, deadline=None)
@given(lines=st.lists(st.text(st.sampled_from('ab1," '), min_size=1), min_size=1, max_size=8))
def test_no_line_is_lost(lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in ["first,second,third", *lines])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_text(text)
        with open_source(path) as source:
            table = source.tables["a"]
            starts = {table.lines.line(row) for row in range(table.rows)}
            aside = {reject.line for reject in source.rejects}
            if '"' not in text:  # else a row may span lines
                blank = {n for n, line in enumerate(lines, 2) if not line.strip(" ,")}
                assert starts | aside | blank == set(range(2, len(lines) + 2))
            assert not starts & aside
