"""Each row by itself."""

import pytest

from counterpoise.books.problems import Rule
from tests.books.conftest import Find, Import, Rows, deals


def test_says_nothing_of_clean_deals(imported: Import) -> None:
    report = imported(deals=deals("D1,won,2026-01-01,2026-02-01,100", "D2,open,2026-01-01,,"))
    assert report.problems == ()
    assert report.tables["deals"].rows == 2


@pytest.mark.parametrize(
    ("line", "rule", "example"),
    [
        (
            "D2,won,2026-03-01,2026-02-01,1",
            Rule.CLOSED_BEFORE_CREATED,
            "deals.csv:3: deal_id D2, closed_at 2026-02-01, created_at 2026-03-01",
        ),
        (
            "D2,lost,2026-03-01,,1",
            Rule.CLOSED_WITHOUT_DATE,
            "deals.csv:3: deal_id D2, outcome lost",
        ),
        (
            "D2,open,2026-03-01,2026-04-01,1",
            Rule.OPEN_WITH_CLOSING_DATE,
            "deals.csv:3: deal_id D2, closed_at 2026-04-01",
        ),
        ("D2,open,,,1", Rule.MISSING_VALUE, "deals.csv:3: deal_id D2"),
        (
            "D2,open,2026-03-01,,-5.50",
            Rule.NEGATIVE_VALUE,
            "deals.csv:3: deal_id D2, net_amount -5.5",
        ),
        (
            "D2,open,2026-03-01,,much",
            Rule.UNPARSEABLE_NUMBER,
            "deals.csv:3: deal_id D2, net_amount much",
        ),
        ("D2,open,soon,,1", Rule.UNPARSEABLE_DATE, "deals.csv:3: deal_id D2, created_at soon"),
        (
            "D2,open,2026-02-30,,1",
            Rule.UNPARSEABLE_DATE,
            "deals.csv:3: deal_id D2, created_at 2026-02-30",
        ),
        (
            "D2,open,1026-03-01,,1",
            Rule.IMPLAUSIBLE_DATE,
            "deals.csv:3: deal_id D2, created_at 1026-03-01",
        ),
    ],
)
def test_tells_a_problem_and_keeps_the_row(
    imported: Import, found: Find, line: str, rule: Rule, example: str
) -> None:
    report = imported(deals=deals("D1,won,2026-01-01,2026-02-01,100", line))
    (problem,) = found(report, rule)
    assert (problem.table, problem.rows, problem.example) == ("deals", 1, example)
    assert (report.tables["deals"].rows, report.tables["deals"].set_aside) == (2, 0)


@pytest.mark.parametrize(
    ("line", "rule", "kept"),
    [
        ("D2,maybe,2026-01-01,,1", Rule.UNKNOWN_OUTCOME, '"outcome":"maybe"'),
        ("D2,,2026-01-01,,1", Rule.UNKNOWN_OUTCOME, '"outcome":null'),
        (",won,2026-01-01,2026-01-02,1", Rule.MISSING_KEY, '"deal_id":null'),
    ],
)
def test_sets_aside_a_deal_that_cannot_be_used(
    imported: Import, found: Find, rows: Rows, line: str, rule: Rule, kept: str
) -> None:
    report = imported(deals=deals("D1,won,2026-01-01,2026-02-01,100", line))
    (problem,) = found(report, rule)
    assert problem.rows == 1
    assert problem.effect.startswith("the rows are set aside")
    assert (report.tables["deals"].rows, report.tables["deals"].set_aside) == (1, 1)
    ((table, file, number, why, row),) = rows("set_aside")
    assert (table, file, number, why) == ("deals", "deals.csv", 3, rule)
    assert kept in row


def test_reads_outcomes_in_any_case(imported: Import, rows: Rows) -> None:
    report = imported(deals=deals("D1,Won,2026-01-01,2026-02-01,1", "D2,OPEN,2026-01-01,,1"))
    assert report.problems == ()
    assert rows("deals", "outcome") == [("won",), ("open",)]


def test_allows_a_closing_without_a_time_on_the_day_of_the_creation(
    imported: Import, found: Find
) -> None:
    report = imported(
        deals=deals(
            "D1,won,2026-03-01T19:00:00,2026-03-01,1",
            "D2,won,2026-03-01T19:00:00,2026-03-01T18:59:59,1",
        )
    )
    (problem,) = found(report, Rule.CLOSED_BEFORE_CREATED)
    assert (problem.rows, problem.example[:12]) == (1, "deals.csv:3:")


def test_blanks_an_unknown_word_and_tells_it(imported: Import, found: Find, rows: Rows) -> None:
    report = imported(
        deals=deals(
            "D1,open,2026-01-01,,1,New",
            "D2,open,2026-01-01,,1,Reneval",
            header="deal_id,outcome,created_at,closed_at,net_amount,kind",
        )
    )
    (problem,) = found(report, Rule.UNKNOWN_WORD)
    assert problem.example == "deals.csv:3: deal_id D2, kind Reneval"
    assert "the nearest is 'renewal'" in problem.effect
    assert rows("deals", "kind") == [("new",), (None,)]


def test_sets_aside_a_row_whose_key_cannot_be_read(imported: Import, rows: Rows) -> None:
    report = imported(
        deals=deals("D1,open,2026-01-01,,1"),
        deal_lines="deal_id,line_no,quantity,net_price\nD1,1,1,5\nD1,first,1,5",
    )
    assert (report.tables["deal_lines"].rows, report.tables["deal_lines"].set_aside) == (1, 1)
    ((*_, rule, row),) = rows("set_aside")
    assert rule == Rule.UNPARSEABLE_NUMBER
    assert '"line_no":"first"' in row


def test_tells_a_net_price_far_above_list(imported: Import, found: Find) -> None:
    report = imported(
        deals=deals("D1,open,2026-01-01,,"),
        deal_lines="deal_id,line_no,quantity,list_price,net_price\nD1,1,1,10,101\nD1,2,1,10,100",
    )
    (problem,) = found(report, Rule.NET_FAR_ABOVE_LIST)
    assert (
        problem.example == "deal_lines.csv:2: deal_id D1, line_no 1, net_price 101, list_price 10"
    )


def test_tells_a_rate_of_a_promotion_above_one(imported: Import, found: Find) -> None:
    report = imported(
        deals=deals("D1,open,2026-01-01,,"),
        promotions="promotion_id,starts_on,ends_on,rate\nP1,2026-01-01,2026-01-08,20\n"
        "P2,2026-01-01,2026-01-08,20%",
    )
    (problem,) = found(report, Rule.RATE_ABOVE_ONE)
    assert (problem.rows, problem.example) == (1, "promotions.csv:2: promotion_id P1, rate 20")


def test_says_nothing_more_of_a_row_that_is_set_aside(imported: Import) -> None:
    report = imported(deals=deals("Total,,,,-9", "D2,won,2026-01-01,2026-02-01,-5"))
    assert [(each.rule, each.rows, each.example) for each in report.problems] == [
        (Rule.UNKNOWN_OUTCOME, 1, "deals.csv:2: deal_id Total"),
        (Rule.NEGATIVE_VALUE, 1, "deals.csv:3: deal_id D2, net_amount -5"),
    ]
