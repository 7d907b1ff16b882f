"""Values that stand for something else."""

import pytest

from counterpoise.books.problems import Rule
from tests.books.conftest import Find, Import, Rows, deals


def test_takes_a_zero_on_a_lost_deal_for_unknown(imported: Import, found: Find, rows: Rows) -> None:
    report = imported(
        deals=deals(
            "D1,lost,2026-01-01,2026-02-01,0,500",
            "D2,lost,2026-01-01,2026-02-01,0,0",
            "D3,lost,2026-01-01,2026-02-01,70,80",
            "D4,won,2026-01-01,2026-02-01,0,80",
            header="deal_id,outcome,created_at,closed_at,net_amount,list_amount",
        )
    )
    (problem,) = found(report, Rule.ZERO_FOR_UNKNOWN)
    assert (problem.rows, problem.example) == (
        2,
        "deals.csv:2: deal_id D1, net_amount 0",
    )
    assert rows("deals", "net_amount", "list_amount") == [
        (None, 500),
        (None, None),
        (70, 80),
        (0, 80),
    ]


def test_leaves_a_zero_that_an_offer_or_a_line_explains(
    imported: Import, found: Find, rows: Rows
) -> None:
    report = imported(
        deals=deals("D1,lost,2026-01-01,2026-02-01,0", "D2,lost,2026-01-01,2026-02-01,0"),
        offers="offer_id,deal_id,offered_at\nO1,D1,2026-01-02",
        deal_lines="deal_id,line_no,quantity,net_price\nD2,1,1,5",
    )
    assert found(report, Rule.ZERO_FOR_UNKNOWN) == []
    assert rows("deals", "net_amount") == [(0,), (0,)]


def test_takes_a_zero_on_the_lines_of_a_lost_deal_for_unknown(
    imported: Import, found: Find, rows: Rows
) -> None:
    report = imported(
        deals=deals(
            "D1,lost,2026-01-01,2026-02-01,",
            "D2,lost,2026-01-01,2026-02-01,",
            "D3,won,2026-01-01,2026-02-01,",
        ),
        deal_lines="deal_id,line_no,quantity,net_price\n"
        "D1,1,1,0\nD1,2,1,0\nD2,1,1,0\nD2,2,1,5\nD3,1,1,0",
    )
    (problem,) = found(report, Rule.ZERO_FOR_UNKNOWN)
    assert (problem.table, problem.rows) == ("deal_lines", 2)
    assert rows("deal_lines", "net_price") == [(None,), (None,), (0,), (5,), (0,)]


@pytest.mark.parametrize(
    ("values", "rows"),
    [
        ([99999999, 99999999, 500, 20000], 2),
        ([2147483647, 2147483647, 500], 2),
        ([99999999, 500], 0),
        ([99999, 99999, 99000], 0),
        ([5000, 5000, 5000, 400], 0),
        ([5000] * 30 + [400], 30),
        ([5000] * 30 + [600], 0),
        ([5000] * 30, 0),
    ],
)
def test_tells_a_largest_value_that_looks_like_a_cap(
    imported: Import, found: Find, values: list[int], rows: int
) -> None:
    lines = [f"D{number},open,2026-01-01,,{value}" for number, value in enumerate(values)]
    report = imported(deals=deals(*lines))
    assert sum(problem.rows for problem in found(report, Rule.CAPPED_VALUE)) == rows
