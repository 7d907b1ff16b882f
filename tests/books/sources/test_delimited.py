"""Delimited files as people have them are read whole and exact."""

import gzip
from pathlib import Path

import pytest

from counterpoise.books.sources import Reject, SourceError
from tests.books.sources.conftest import Open, Rows

TWO = [("D1", "18"), ("D2", "20")]


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"],
)
def test_reads_every_encoding(rows_of: Rows, encoding: str) -> None:
    text = "deal_id,name\nD1,Müller & Söhne €\nD2,Ångström\n"
    assert rows_of(text, encoding=encoding) == [("D1", "Müller & Söhne €"), ("D2", "Ångström")]


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_reads_utf_16_with_either_byte_order_mark(rows_of: Rows, mark: bytes) -> None:
    encoding = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    assert rows_of(mark + "id\tnet\r\nD1\t18\r\nD2\t20\r\n".encode(encoding)) == TWO


def test_reads_bytes_that_cp1252_leaves_open(rows_of: Rows) -> None:
    assert rows_of(b"id,name\nD1,a\x81b\xe9\n") == [("D1", "a\x81bé")]


def test_reads_a_few_foreign_bytes_among_utf_8_as_cp1252(rows_of: Rows) -> None:
    text = "id,name\nD1,Köln Wien Łódź Čakovec\n".encode() + b"D2,M\xfcller\n"
    assert rows_of(text) == [("D1", "Köln Wien Łódź Čakovec"), ("D2", "Müller")]


def test_reads_a_file_that_is_cp1252_only_at_its_end(rows_of: Rows) -> None:
    plain = b"id,name\n" + b"D1,plain text\n" * 200_000
    found = rows_of(plain + b"D2,M\xfcller\n")
    assert len(found) == 200_001
    assert found[-1] == ("D2", "Müller")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_reads_every_separator_and_line_end(rows_of: Rows, separator: str, line_end: str) -> None:
    lines = [separator.join(fields) for fields in (("id", "net"), *TWO)]
    assert rows_of(line_end.join(lines) + line_end) == TWO


def test_reads_mixed_line_ends(rows_of: Rows) -> None:
    assert rows_of("id,net\r\nD1,18\rD2,20\nD3,22\r\n") == [*TWO, ("D3", "22")]


def test_reads_a_last_line_without_an_end(rows_of: Rows) -> None:
    assert rows_of("id,net\nD1,18\nD2,20") == TWO


def test_reads_line_ends_and_quotes_within_quotes(rows_of: Rows) -> None:
    text = 'id,note\nD1,"first\nsecond ""so"", third"\nD2,"a\r\nb"\n'
    assert rows_of(text) == [("D1", 'first\nsecond "so", third'), ("D2", "a\r\nb")]


def test_keeps_a_carriage_return_within_quotes_of_a_file_that_ends_lines_with_it(
    rows_of: Rows,
) -> None:
    assert rows_of('id,note\rD1,"a\rb"\rD2,c\r') == [("D1", "a\rb"), ("D2", "c")]


def test_keeps_a_quote_within_an_unquoted_field(rows_of: Rows) -> None:
    assert rows_of('id,size\nD1,5" pipe\nD2,7\n') == [("D1", '5" pipe'), ("D2", "7")]


def test_reads_quotes_padded_on_the_outside(rows_of: Rows) -> None:
    assert rows_of('id , name\nD1 , "a, b" \nD2,c\n') == [("D1", "a, b"), ("D2", "c")]


def test_trims_values_and_turns_blanks_into_null(rows_of: Rows) -> None:
    text = "id,a,b,c\nD1, x ,       ,\u00a0\nD2,\ty\t,\u00a0z\u202f,\nD3,,,'\n"
    assert rows_of(text) == [
        ("D1", "x", None, None),
        ("D2", "y", "z", None),
        ("D3", None, None, "'"),
    ]


def test_leaves_null_words_to_others(rows_of: Rows) -> None:
    assert rows_of("id,net\nNULL,#N/A\n") == [("NULL", "#N/A")]


def test_trims_padded_headers_and_names_blank_and_repeated_ones(
    tmp_path: Path, opened: Open
) -> None:
    (tmp_path / "d.csv").write_text('\ufeff"ID", Net Amount ,,net amount,"Two\nlines"\n1,2,3,4,5\n')
    (table,) = opened(tmp_path / "d.csv").tables.values()
    assert table.columns == ("ID", "Net Amount", "column_3", "net amount_2", "Two lines")


def test_says_on_which_line_the_rows_begin(tmp_path: Path, opened: Open) -> None:
    (tmp_path / "d.csv").write_text('sep=;\n\n"a\nb";c\n1;2\n')
    (table,) = opened(tmp_path / "d.csv").tables.values()
    assert (table.line_offset, table.columns, table.rows) == (5, ("a b", "c"), 1)


def test_believes_the_separator_that_excel_declares(rows_of: Rows) -> None:
    assert rows_of("sep=;\r\nid;net, gross\r\nD1;18, 20\r\n") == [("D1", "18, 20")]


def test_reads_a_decimal_comma_beside_semicolons(rows_of: Rows) -> None:
    text = "id;net;rate\nD1;1.234,50;0,18\nD2;20,00;0,05\n"
    assert rows_of(text) == [("D1", "1.234,50", "0,18"), ("D2", "20,00", "0,05")]


def test_is_not_misled_by_separators_in_text(rows_of: Rows) -> None:
    text = 'id;note\nD1;"a, b, c"\nD2;x, y\nD3;"p, q; r"\n'
    assert rows_of(text) == [("D1", "a, b, c"), ("D2", "x, y"), ("D3", "p, q; r")]


def test_reads_a_file_of_one_column(rows_of: Rows) -> None:
    assert rows_of("note\nhello, world\nbye\n\nlast; one\n") == [
        ("hello, world",),
        ("bye",),
        ("last; one",),
    ]


def test_leaves_out_lines_without_any_value(rows_of: Rows) -> None:
    text = "id,net\n\nD1,18\n   \n,\nD2,20\n , \n\n\n"
    assert rows_of(text) == TWO


def test_reads_a_header_alone_as_an_empty_table(tmp_path: Path, opened: Open) -> None:
    (tmp_path / "deals.csv").write_text("deal_id,net_amount\n")
    (table,) = opened(tmp_path / "deals.csv").tables.values()
    assert (table.columns, table.rows) == (("deal_id", "net_amount"), 0)


def test_accepts_rows_that_end_in_a_separator(rows_of: Rows) -> None:
    assert rows_of("id,net\nD1,18,\nD2,20,\n") == TWO
    assert rows_of("id,net,\nD1,18\nD2,20\n", "other.csv") == TWO


def test_takes_a_hash_for_a_value(rows_of: Rows) -> None:
    assert rows_of("id,net\n#1,18\n") == [("#1", "18")]


def test_keeps_the_order_of_rows(rows_of: Rows) -> None:
    numbers = [str(number * 7919 % 300_007) for number in range(300_000)]
    found = rows_of("a,b\n" + "".join(f"{number},x\n" for number in numbers))
    assert [a for a, _ in found] == numbers


def test_keeps_its_place_among_many_line_ends_within_quotes(rows_of: Rows) -> None:
    note = '1,2,3\n7,8,9\n""so"",\n' * 30
    text = "i,note,x\n" + "".join(f'{i},"{note}",{i * 2}\n' for i in range(30_000))
    found = rows_of(text)
    assert [(i, x) for i, _, x in found] == [(str(i), str(i * 2)) for i in range(30_000)]


def test_sets_ragged_rows_aside_with_line_and_reason(tmp_path: Path, opened: Open) -> None:
    path = tmp_path / "deals.csv"
    path.write_text('id,note,net\nD1,"a\nb",1\nD2,x\nD3,x,2\nD4,x,3,4\n')
    source = opened(path)
    assert list(source.rejects) == [
        Reject("deals", "deals.csv", 4, "2 fields where the header has 3", "D2,x"),
        Reject("deals", "deals.csv", 6, "4 fields where the header has 3", "D4,x,3,4"),
    ]
    assert len(source.rejects) == 2
    found = source.connection.execute('SELECT id FROM source."deals"').fetchall()
    assert found == [("D1",), ("D3",)]
    kept = source.connection.execute(f"SELECT line FROM {source.rejects.relation}").fetchall()
    assert kept == [(4,), (6,)]


def test_keeps_line_ends_in_the_text_of_rejects(tmp_path: Path, opened: Open) -> None:
    path = tmp_path / "deals.csv"
    path.write_bytes(b'id,note,net\r\nD1,"a\r\nb"\r\nD2,x,1\r\n')
    (reject,) = opened(path).rejects
    assert (reject.line, reject.text) == (2, 'D1,"a\r\nb"')


def test_sets_a_row_aside_that_the_end_of_the_file_cuts(tmp_path: Path, opened: Open) -> None:
    path = tmp_path / "deals.csv"
    path.write_text("id,name,net\nD1,a,1\nD2,b")
    source = opened(path)
    (reject,) = source.rejects
    assert reject.line == 3
    assert reject.reason == "the file ends within this row: 2 fields where the header has 3"
    assert source.tables["deals"].rows == 1


def test_goes_on_after_a_quote_that_is_never_closed(tmp_path: Path, opened: Open) -> None:
    path = tmp_path / "deals.csv"
    path.write_text('id,name\nD1,a\nD2,"b\nD3,c\nD4,d')
    source = opened(path)
    assert [(r.line, r.reason, r.text) for r in source.rejects] == [
        (3, "a quote is opened and never closed", 'D2,"b')
    ]
    found = source.connection.execute("SELECT id FROM source.deals").fetchall()
    assert found == [("D1",), ("D3",), ("D4",)]


def test_goes_on_after_text_behind_a_closing_quote(tmp_path: Path, opened: Open) -> None:
    path = tmp_path / "deals.csv"
    path.write_text('id,name\nD1,"he said "no" to us"\nD2,b\n')
    source = opened(path)
    assert [(r.line, r.reason) for r in source.rejects] == [(2, "text follows a closing quote")]
    assert source.tables["deals"].rows == 1


def test_sets_rows_with_zero_bytes_aside(tmp_path: Path, opened: Open) -> None:
    path = tmp_path / "deals.csv"
    path.write_bytes(b"id,name\n" + b"D1,plain\n" * 500 + b"D2,a\0b\nD3,c\n")
    source = opened(path)
    assert [(r.line, r.reason) for r in source.rejects] == [
        (502, "it holds a zero byte, as binary files do")
    ]
    assert source.tables["deals"].rows == 501


def test_reads_a_long_cell(rows_of: Rows) -> None:
    long = "x, y " * 100_000
    assert rows_of(f'id,note\nD1,"{long}z"\nD2,b\n') == [("D1", f"{long}z"), ("D2", "b")]


def test_gives_up_a_line_that_never_ends(tmp_path: Path, opened: Open) -> None:
    path = tmp_path / "deals.csv"
    path.write_bytes(b"id,net\nD1,18\n" + b"x" * 12_000_000 + b"\nD2,20\n")
    source = opened(path)
    (reject,) = source.rejects
    assert (reject.line, len(reject.text)) == (3, 2_000)
    assert reject.reason == "the row is longer than 1,000,000 characters"
    assert source.connection.execute("FROM source.deals").fetchall() == TWO


def test_reads_a_gzip_file_as_what_is_in_it(tmp_path: Path, opened: Open) -> None:
    with gzip.open(tmp_path / "deals.csv.gz", "wt") as stream:
        stream.write("id,net\nD1,18\nD2,20\n")
    source = opened(tmp_path / "deals.csv.gz")
    source.lock()
    assert source.connection.execute("FROM source.deals").fetchall() == TWO


def test_refuses_a_damaged_gzip_file(tmp_path: Path, opened: Open) -> None:
    whole = gzip.compress(b"id,net\n" + bytes(range(32, 120)) * 50)
    (tmp_path / "deals.csv.gz").write_bytes(whole[:-20])
    with pytest.raises(SourceError, match=r"deals\.csv\.gz: the compressed file is damaged"):
        opened(tmp_path / "deals.csv.gz")


@pytest.mark.parametrize("name", ["a[1].csv", "a*b.csv", "a?b.csv", "it's.csv", "a {b}.csv"])
def test_reads_a_file_whose_name_looks_like_a_pattern(
    tmp_path: Path, opened: Open, name: str
) -> None:
    (tmp_path / "a1.csv").write_text("wrong\n1\n")
    (tmp_path / "axb.csv").write_text("wrong\n1\n")
    (tmp_path / name).write_text("id,net\nD1,18\nD2,20\n")
    source = opened(tmp_path / name)
    source.lock()
    (table,) = source.tables.values()
    assert source.connection.execute(f"FROM {table.relation}").fetchall() == TWO


def test_takes_no_column_from_the_name_of_a_folder(tmp_path: Path, opened: Open) -> None:
    folder = tmp_path / "year=2024"
    folder.mkdir()
    (folder / "deals.csv").write_text("id,net\nD1,18\nD2,20\n")
    assert opened(folder).connection.execute("FROM source.deals").fetchall() == TWO


def test_does_not_copy_a_clean_file(tmp_path: Path, opened: Open, scratch: Path) -> None:
    (tmp_path / "deals.csv").write_text('id,net\r\nD1,18\r\n"D2, so",20\r\n\r\n')
    source = opened(tmp_path / "deals.csv")
    assert list(source.scratch.glob("*.csv")) == []
