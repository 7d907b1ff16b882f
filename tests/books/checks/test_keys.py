"""Keys that occur more than once."""

from counterpoise.books.problems import Rule
from tests.books.conftest import Find, Import, Rows, deals


def test_keeps_the_first_row_of_a_key(imported: Import, found: Find, rows: Rows) -> None:
    report = imported(
        deals=deals(
            "D1,open,2026-01-01,,1",
            "D2,open,2026-01-01,,2",
            "D1,won,2026-01-01,2026-02-01,3",
            "D1,open,2026-01-01,,1",
        )
    )
    (problem,) = found(report, Rule.DUPLICATE_KEY)
    assert problem.rows == 2
    assert problem.example == "deals.csv:4: deal_id D1 again, first at deals.csv:2"
    assert "(the same in every column: 1, different: 1)" in problem.effect
    assert rows("deals", "deal_id", "net_amount") == [("D1", 1), ("D2", 2)]
    assert [row[2] for row in sorted(rows("set_aside"))] == [4, 5]


def test_a_row_set_aside_is_nobodys_first(imported: Import, rows: Rows) -> None:
    report = imported(deals=deals("D1,maybe,2026-01-01,,1", "D1,open,2026-01-01,,2"))
    assert (report.tables["deals"].rows, report.tables["deals"].set_aside) == (1, 1)
    assert rows("deals", "net_amount") == [(2,)]


def test_compares_all_columns_of_a_key(imported: Import, found: Find) -> None:
    report = imported(
        deals=deals("D1,open,2026-01-01,,"),
        deal_lines="deal_id,line_no,quantity,net_price\nD1,1,1,5\nD1,2,1,5\nD1,1,1,5",
    )
    (problem,) = found(report, Rule.DUPLICATE_KEY)
    assert (problem.table, problem.rows) == ("deal_lines", 1)


def test_tables_without_a_key_keep_equal_rows(imported: Import) -> None:
    report = imported(
        deals=deals("D1,open,2026-01-01,,"),
        tools="tool_id\nT1",
        tool_uses="tool_id,used_at\nT1,2026-01-01\nT1,2026-01-01",
    )
    assert report.tables["tool_uses"].rows == 2
    assert report.problems == ()
