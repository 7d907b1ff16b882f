"""Workbooks are read sheet by sheet as people see them."""

from pathlib import Path

import pytest

from counterpoise.books.sources import SourceError
from tests.books.sources.conftest import Open
from tests.books.sources.workbooks import Cell, ods, sheet_xml, xlsx, xlsx_of_xml

DAY, INSTANT, PERCENT = 1, 2, 3


def test_reads_cells_as_people_see_them(tmp_path: Path, opened: Open) -> None:
    path = xlsx(
        tmp_path / "deals.xlsx",
        {
            "Export": [
                ["id", " Net ", "closed", "signed", "rate", "won", "note"],
                ["D1", 18.0, (45000, DAY), (45000.5, INSTANT), (0.18, PERCENT), True, " x\ny "],
                ["D2", 0.1 + 0.2, None, None, None, False, "\u00a0"],
                [17, 1e20, None, None, None, None, '"q", z'],
            ]
        },
    )
    source = opened(path)
    source.lock()
    (table,) = source.tables.values()
    assert (table.name, table.typed, table.line_offset) == ("deals", False, 2)
    assert table.location == "deals.xlsx, sheet 'Export'"
    assert table.columns == ("id", "Net", "closed", "signed", "rate", "won", "note")
    assert source.connection.execute("FROM source.deals").fetchall() == [
        ("D1", "18", "2023-03-15", "2023-03-15 12:00:00", "0.18", "true", "x\ny"),
        ("D2", "0.3", None, None, None, "false", None),
        ("17", "100000000000000000000", None, None, None, None, '"q", z'),
    ]


def test_makes_a_table_of_each_sheet_that_holds_anything(tmp_path: Path, opened: Open) -> None:
    path = xlsx(
        tmp_path / "crm.xlsx",
        {"Deals ": [["id"], ["D1"]], "Notes": [], "Leads": [["id", "at"], ["L1", (45000, DAY)]]},
    )
    source = opened(path)
    assert list(source.tables) == ["Deals", "Leads"]
    assert source.connection.execute('FROM source."Leads"').fetchall() == [("L1", "2023-03-15")]


def test_finds_a_header_below_empty_rows_and_beside_empty_columns(
    tmp_path: Path, opened: Open
) -> None:
    rows: list[list[Cell]] = [
        [None],
        [],
        [None, "id", None, "net"],
        [None, "D1", None, 5],
        [],
        [None, "D2", None, 6],
    ]
    source = opened(xlsx(tmp_path / "deals.xlsx", {"Sheet1": rows}))
    (table,) = source.tables.values()
    assert (table.columns, table.line_offset) == (("id", "column_2", "net"), 4)
    assert source.connection.execute("SELECT id, net FROM source.deals").fetchall() == [
        ("D1", "5"),
        ("D2", "6"),
    ]


def test_reads_an_opendocument_workbook(tmp_path: Path, opened: Open) -> None:
    text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    number = (
        '<table:table-cell office:value-type="float" office:value="18"><text:p>18</text:p>'
        "</table:table-cell>"
    )
    rows = "".join(
        f"<table:table-row>{cells}</table:table-row>"
        for cells in (text.format("id") + text.format("net"), text.format("D1") + number)
    )
    empty = (
        '<table:table-row table:number-rows-repeated="1048574"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    source = opened(ods(tmp_path / "deals.ods", "Sheet1", rows + empty))
    assert source.connection.execute("FROM source.deals").fetchall() == [("D1", "18")]


def test_gives_the_same_workbook_the_same_fingerprint(tmp_path: Path, opened: Open) -> None:
    path = xlsx(tmp_path / "deals.xlsx", {"A": [["id"], ["D1"]], "B": [["id"], ["D2"]]})
    assert opened(path).fingerprint == opened(path).fingerprint


def test_refuses_a_workbook_of_empty_sheets(tmp_path: Path, opened: Open) -> None:
    path = xlsx(tmp_path / "deals.xlsx", {"A": [], "B": [[None, "  "]]})
    with pytest.raises(SourceError, match=r"deals\.xlsx: every sheet is empty"):
        opened(path)


def test_refuses_two_sheets_of_one_name_in_a_folder(tmp_path: Path, opened: Open) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        xlsx(tmp_path / name, {"Deals": [["id"], ["D1"]], "Leads": [["id"], ["L1"]]})
    with pytest.raises(SourceError, match=r"one\.xlsx, sheet 'Deals' and two\.xlsx, sheet 'Deals'"):
        opened(tmp_path)


@pytest.mark.parametrize("name", ["deals.xlsx", "deals.xlsm", "deals.xls", "deals.ods"])
@pytest.mark.parametrize(
    "content",
    [
        b"id,net\nD1,18\n",
        b"PK\x03\x04 and then nothing of the kind",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 2_000,
        b"\x09\x08\x10\x00\x00\x06\x05\x00" + b"\0" * 500,
    ],
)
def test_refuses_a_damaged_workbook(
    tmp_path: Path, opened: Open, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=f"{name}: the workbook is damaged or of another format"):
        opened(tmp_path / name)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_refuses_a_workbook_that_is_cut_short(tmp_path: Path, opened: Open, share: float) -> None:
    whole = xlsx(tmp_path / "whole.xlsx", {"A": [["id"], ["D1"]]}).read_bytes()
    (tmp_path / "deals.xlsx").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(SourceError, match="the workbook is damaged or of another format"):
        opened(tmp_path / "deals.xlsx")


def test_refuses_a_workbook_whose_sheet_is_no_xml(tmp_path: Path, opened: Open) -> None:
    path = xlsx_of_xml(tmp_path / "deals.xlsx", {"A": sheet_xml([["id"], ["D1"]])[:-60]})
    with pytest.raises(SourceError, match="the workbook is damaged or of another format"):
        opened(path)


def test_refuses_a_sheet_of_too_many_columns(tmp_path: Path, opened: Open) -> None:
    cells = "".join(f'<c t="inlineStr"><is><t>c{i}</t></is></c>' for i in range(2_001))
    xml = sheet_xml([]).replace("<sheetData>", f'<sheetData><row r="1">{cells}</row>')
    path = xlsx_of_xml(tmp_path / "deals.xlsx", {"A": xml})
    with pytest.raises(SourceError, match=r"deals\.xlsx, sheet 'A': the header has 2,001 columns"):
        opened(path)
