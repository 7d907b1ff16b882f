"""Workbooks made to fill the memory are refused before they are opened."""

import time
import zipfile
from pathlib import Path

import pytest

from counterpoise.books.sources import SourceError
from tests.books.sources.conftest import Open
from tests.books.sources.workbooks import ods, sheet_xml, xlsx, xlsx_of_xml


def with_entry(path: Path, name: str, megabytes: int) -> Path:
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w", force_zip64=True) as stream,
    ):
        for _ in range(megabytes):
            stream.write(b" " * 1_000_000)
    return path


def test_refuses_a_workbook_that_is_packed_too_well(tmp_path: Path, opened: Open) -> None:
    path = xlsx(tmp_path / "deals.xlsx", {"A": [["id"], ["D1"]]})
    with_entry(path, "xl/sharedStrings.xml", 150)
    started = time.perf_counter()
    with pytest.raises(
        SourceError, match=r"deals\.xlsx: the workbook unpacks to 150 MB, [0-9,]+ times"
    ):
        opened(path)
    assert time.perf_counter() - started < 5


def test_refuses_a_workbook_that_unpacks_to_too_much(
    tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = xlsx(tmp_path / "deals.xlsx", {"A": [["id"], ["D1"]]})
    with_entry(path, "xl/sharedStrings.xml", 3)
    monkeypatch.setattr("counterpoise.books.sources.archive._MOST_BYTES", 2_000_000)
    with pytest.raises(SourceError, match=r"the workbook unpacks to 0\.0 GB, more than is safe"):
        opened(path)


def test_refuses_a_workbook_of_too_many_parts(tmp_path: Path, opened: Open) -> None:
    path = xlsx(tmp_path / "deals.xlsx", {"A": [["id"], ["D1"]]})
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(10_001):
            archive.writestr(f"part{number}", b"")
    with pytest.raises(SourceError, match=r"the workbook holds 10,00\d parts"):
        opened(path)


def test_refuses_a_directory_that_lies_about_sizes(tmp_path: Path, opened: Open) -> None:
    path = xlsx(tmp_path / "deals.xlsx", {"A": [["id"], ["D1"]]})
    with_entry(path, "xl/sharedStrings.xml", 150)
    content = path.read_bytes()
    size = (150_000_000).to_bytes(4, "little")
    assert content.count(size) >= 1
    path.write_bytes(content.replace(size, (1_000).to_bytes(4, "little")))
    with pytest.raises(SourceError, match="the workbook is damaged"):
        opened(path)


def test_refuses_cells_that_stand_too_far_apart(tmp_path: Path, opened: Open) -> None:
    xml = sheet_xml([["id"]]).replace(
        "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    path = xlsx_of_xml(tmp_path / "deals.xlsx", {"A": xml})
    with pytest.raises(SourceError, match="the workbook spans 17,179,869,184 cells in"):
        opened(path)


def test_refuses_cells_that_are_repeated_too_often(tmp_path: Path, opened: Open) -> None:
    rows = (
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
        'office:value-type="float" office:value="1" table:number-columns-repeated="16000"/>'
        "</table:table-row>"
    )
    with pytest.raises(SourceError, match="the workbook spans 16,000,000,000 cells in"):
        opened(ods(tmp_path / "deals.ods", "A", rows))
