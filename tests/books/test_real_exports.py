"""The worked example and real exports, through their adapters."""

from decimal import Decimal
from pathlib import Path

import pytest

from counterpoise.books.importing import ImportReport, import_books
from counterpoise.books.problems import Rule
from counterpoise.books.snapshot import find_snapshot
from counterpoise.books.workspace import Workspace
from tests.books.conftest import Find, Rows


@pytest.fixture
def home(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "home")


def taken(home: Workspace, shared: Path, root: Path, name: str) -> ImportReport:
    return import_books(home, shared / "data" / name, adapter=root / "examples/adapters" / name)


def sizes(report: ImportReport) -> dict[str, tuple[int, int]]:
    return {name: (table.rows, table.set_aside) for name, table in report.tables.items()}


def test_the_worked_example_has_one_unknown_owner(
    workspace: Workspace, shared: Path, found: Find
) -> None:
    report = import_books(workspace, shared / "golden" / "export")
    (problem,) = report.problems
    assert problem.rule is Rule.ORPHAN_KEY
    assert problem.example == "deals.csv:11: deal_id D10, owner_id X9"
    assert report.suggestions == ()
    assert sizes(report)["deals"] == (21, 0)
    assert sizes(report)["deal_lines"] == (19, 0)


def test_the_worked_example_is_the_same_from_its_own_snapshot(
    workspace: Workspace, shared: Path, rows: Rows
) -> None:
    import_books(workspace, shared / "golden" / "export")
    first = find_snapshot(workspace)
    tables = {file.stem: rows(file.stem) for file in first.glob("*.parquet")}
    import_books(workspace, first)
    assert find_snapshot(workspace) != first
    assert {name: rows(name) for name in tables} == tables


class TestMaven:
    def test_has_one_product_misspelt(
        self, workspace: Workspace, shared: Path, root: Path, found: Find
    ) -> None:
        report = taken(workspace, shared, root, "maven_crm_sales")
        assert sizes(report)["deals"] == (8800, 0)
        (orphan,) = found(report, Rule.ORPHAN_KEY)
        assert (orphan.column, orphan.rows) == ("product_id", 1480)
        (suggestion,) = report.suggestions
        assert (suggestion.value, suggestion.suggestion, suggestion.rows) == (
            "GTXPro",
            "GTX Pro",
            1480,
        )

    def test_is_mended_once_for_ever(
        self, workspace: Workspace, shared: Path, root: Path, found: Find, rows: Rows
    ) -> None:
        source, adapter = (
            shared / "data/maven_crm_sales",
            root / "examples/adapters/maven_crm_sales",
        )
        report = import_books(workspace, source, adapter=adapter, accept=True)
        assert found(report, Rule.ORPHAN_KEY) == []
        (mended,) = found(report, Rule.ACCEPTED_SPELLING)
        assert mended.rows == 1480
        products = [product for (product,) in rows("deal_lines", "product_id")]
        assert (products.count("GTX Pro"), products.count("GTXPro")) == (1480, 0)
        again = import_books(workspace, source, adapter=adapter)
        assert (again.snapshot, again.unchanged) == (report.snapshot, True)


def test_real_discounts_have_one_negative_amount_and_three_dates_in_reverse(
    home: Workspace, shared: Path, root: Path, found: Find
) -> None:
    report = taken(home, shared, root, "b2b_martech_discounts")
    assert sizes(report) == {"deals": (1505, 0)}
    (negative,) = found(report, Rule.NEGATIVE_VALUE)
    assert negative.rows == 1
    (reverse,) = found(report, Rule.CLOSED_BEFORE_CREATED)
    assert reverse.rows == 3
    assert {problem.rule for problem in report.problems} == {
        Rule.NEGATIVE_VALUE,
        Rule.CLOSED_BEFORE_CREATED,
    }


@pytest.mark.parametrize(
    ("name", "deals", "lines"),
    [("northwind", 830, 2155), ("classicmodels", 326, 2996)],
)
def test_orders_come_in_clean(
    home: Workspace, shared: Path, root: Path, name: str, deals: int, lines: int
) -> None:
    report = taken(home, shared, root, name)
    assert sizes(report)["deals"] == (deals, 0)
    assert sizes(report)["deal_lines"] == (lines, 0)
    assert report.problems == ()


def test_the_funnel_has_one_deal_won_before_first_contact(
    home: Workspace, shared: Path, root: Path
) -> None:
    report = taken(home, shared, root, "olist_funnel")
    assert sizes(report)["leads"] == (8000, 0)
    assert sizes(report)["deals"] == (842, 0)
    (problem,) = report.problems
    assert (problem.rule, problem.rows) == (Rule.CLOSED_BEFORE_CREATED, 1)


def test_the_sum_of_the_real_won_deals_is_the_publishers(
    workspace: Workspace, shared: Path, root: Path, rows: Rows
) -> None:
    taken(workspace, shared, root, "maven_crm_sales")
    won = {deal for deal, outcome in rows("deals", "deal_id", "outcome") if outcome == "won"}
    lines = rows("deal_lines", "deal_id", "quantity", "net_price")
    net = sum(quantity * price for deal, quantity, price in lines if deal in won)
    assert net == Decimal(10005534)
