"""Deals and their lines."""

from counterpoise.books.problems import Rule
from tests.books.conftest import Find, Import, deals

LINES = "deal_id,line_no,quantity,net_price"


def test_tells_a_deal_whose_lines_add_up_to_something_else(imported: Import, found: Find) -> None:
    report = imported(
        deals=deals("D1,open,2026-01-01,,100", "D2,open,2026-01-01,,100", "D3,open,2026-01-01,,"),
        deal_lines=f"{LINES}\nD1,1,2,30\nD1,2,1,40\nD2,1,2,30\nD2,2,1,41\nD3,1,1,5",
    )
    (problem,) = found(report, Rule.CONTRADICTS_LINES)
    assert (problem.rows, problem.example) == (1, "deals.csv:3: deal_id D2, net_amount 100")


def test_allows_a_cent_a_line_for_rounding(imported: Import, found: Find) -> None:
    report = imported(
        deals=deals("D1,open,2026-01-01,,10.02", "D2,open,2026-01-01,,10.03"),
        deal_lines=f"{LINES}\nD1,1,1,5\nD1,2,1,5\nD2,1,1,5\nD2,2,1,5",
    )
    (problem,) = found(report, Rule.CONTRADICTS_LINES)
    assert problem.rows == 1


def test_does_not_compare_where_the_price_of_a_line_is_unknown(
    imported: Import, found: Find
) -> None:
    report = imported(
        deals=deals("D1,open,2026-01-01,,100"), deal_lines=f"{LINES}\nD1,1,1,5\nD1,2,1,"
    )
    assert found(report, Rule.CONTRADICTS_LINES) == []


def test_counts_a_line_that_is_there_twice_once(imported: Import, found: Find) -> None:
    report = imported(
        deals=deals("D1,open,2026-01-01,,5"), deal_lines=f"{LINES}\nD1,1,1,5\nD1,1,1,5"
    )
    assert found(report, Rule.CONTRADICTS_LINES) == []
