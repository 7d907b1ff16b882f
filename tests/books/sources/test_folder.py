"""A source is found, or its absence is explained."""

import os
import re
from pathlib import Path

import pytest

from counterpoise.books.sources import SourceError
from tests.books.sources.conftest import Open


def write(path: Path, text: str = "id,net\nD1,18\n") -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def test_reads_the_tables_of_a_folder_and_nothing_else(tmp_path: Path, opened: Open) -> None:
    for name in ("deals.csv", "Leads.TSV", " people .txt", ".hidden.csv", "~$deals.xlsx"):
        write(tmp_path / name)
    for name in ("README.md", "README.txt", "LICENSE.txt", "deals.json", "notes.docx"):
        write(tmp_path / name, "not a table")
    write(tmp_path / "deeper" / "more.csv")
    source = opened(tmp_path)
    assert list(source.tables) == ["Leads", "deals", "people"]
    assert source.tables["deals"].relation == 'source."deals"'
    assert source.tables["deals"].location == "deals.csv"


def test_names_the_nearest_when_a_file_is_missing(tmp_path: Path, opened: Open) -> None:
    write(tmp_path / "deals.csv")
    with pytest.raises(
        SourceError, match=r"dels\.csv: no such file.*nearest there is 'deals\.csv'"
    ):
        opened(tmp_path / "dels.csv")


def test_says_that_the_folder_is_missing_as_well(tmp_path: Path, opened: Open) -> None:
    with pytest.raises(SourceError, match=r"the folder .*exports does not exist either"):
        opened(tmp_path / "exports" / "deals.csv")


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n \r\n", b",,\n,,\n"])
def test_refuses_an_empty_file(tmp_path: Path, opened: Open, content: bytes) -> None:
    (tmp_path / "deals.csv").write_bytes(content)
    with pytest.raises(SourceError, match=r"deals\.csv: the file is empty"):
        opened(tmp_path)


@pytest.mark.parametrize("name", ["deals.parquet", "deals.xlsx", "deals.xls", "deals.ods"])
def test_refuses_an_empty_file_of_any_kind(tmp_path: Path, opened: Open, name: str) -> None:
    (tmp_path / name).touch()
    with pytest.raises(SourceError, match=f"{name}: the file is empty"):
        opened(tmp_path / name)


def test_refuses_a_folder_without_tables(tmp_path: Path, opened: Open) -> None:
    write(tmp_path / "README.md")
    with pytest.raises(SourceError, match=r"no table in this folder; tables are read from \.csv"):
        opened(tmp_path)


def test_points_at_the_folder_below_that_holds_tables(tmp_path: Path, opened: Open) -> None:
    write(tmp_path / "export" / "deals.csv")
    with pytest.raises(SourceError, match=r"no table in this folder; there are some in .*export"):
        opened(tmp_path)


def test_refuses_an_unknown_kind_of_file(tmp_path: Path, opened: Open) -> None:
    (tmp_path / "crm.db").write_bytes(b"SQLite format 3\0" + b"\0" * 100)
    with pytest.raises(SourceError, match=r"'\.db' is not read; .* as sqlite:///PATH"):
        opened(tmp_path / "crm.db")


def test_refuses_two_files_of_one_table(tmp_path: Path, opened: Open) -> None:
    write(tmp_path / "deals.csv")
    write(tmp_path / "Deals.tsv")
    with pytest.raises(SourceError, match=r"Deals\.tsv and deals\.csv would both be the table"):
        opened(tmp_path)


def test_refuses_a_folder_that_is_named_like_a_file(tmp_path: Path, opened: Open) -> None:
    write(tmp_path / "deals.csv" / "part-0.csv")
    with pytest.raises(SourceError, match=r"deals\.csv: this is a folder, not a file"):
        opened(tmp_path)


def test_refuses_what_is_neither_file_nor_folder(tmp_path: Path, opened: Open) -> None:
    os.mkfifo(tmp_path / "deals.csv")
    with pytest.raises(SourceError, match=r"deals\.csv: this is neither a file nor a folder"):
        opened(tmp_path / "deals.csv")


@pytest.mark.parametrize(
    ("content", "seems"),
    [
        (b"PK\x03\x04" + b"\0" * 40, "an Excel workbook"),
        (b"PAR1" + b"\0" * 40, "a Parquet file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"\n <!DOCTYPE html><html>", "a web page"),
        (bytes(range(256)) * 4, "binary data"),
    ],
)
def test_says_what_a_file_that_is_no_text_seems_to_be(
    tmp_path: Path, opened: Open, content: bytes, seems: str
) -> None:
    (tmp_path / "deals.csv").write_bytes(content)
    with pytest.raises(SourceError, match=f"this is no CSV text; it seems to be {seems}"):
        opened(tmp_path / "deals.csv")


def test_refuses_a_file_that_may_not_be_read(tmp_path: Path, opened: Open) -> None:
    path = write(tmp_path / "deals.csv")
    opened(path)  # the scratch folder is there
    path.chmod(0)
    with as_nobody(), pytest.raises(SourceError, match="no permission to read it"):
        opened(path)


class as_nobody:  # noqa: N801 -- reads like a phrase
    """Give up the rights of root for a while."""

    def __enter__(self) -> None:
        if os.geteuid() == 0:
            os.seteuid(65534)

    def __exit__(self, *_: object) -> None:
        if os.getuid() == 0:
            os.seteuid(0)


def test_names_a_source_as_it_was_given(
    tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "deals.csv")
    monkeypatch.chdir(tmp_path)
    source = opened("deals.csv")
    source.lock()
    assert source.name == "deals.csv"
    assert source.connection.execute("FROM source.deals").fetchall() == [("D1", "18")]


def test_gives_the_same_content_the_same_fingerprint(tmp_path: Path, opened: Open) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        write(folder / "deals.csv")
        write(folder / "leads.csv")
    fingerprint = opened(one).fingerprint
    assert re.fullmatch("[0-9a-f]{64}", fingerprint)
    assert opened(other).fingerprint == fingerprint
    write(other / "leads.csv", "id,net\nD1,19\n")
    assert opened(other).fingerprint != fingerprint


def test_gives_a_table_of_another_name_another_fingerprint(tmp_path: Path, opened: Open) -> None:
    first = opened(write(tmp_path / "deals.csv")).fingerprint
    assert opened(write(tmp_path / "leads.csv")).fingerprint != first
