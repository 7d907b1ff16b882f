"""Keys that point at nothing, and the spellings that were meant."""

from counterpoise.books.accepted import read_accepted
from counterpoise.books.importing import import_books
from counterpoise.books.problems import Rule, Suggestion
from counterpoise.books.workspace import Workspace
from tests.books.conftest import Find, Import, Rows, Write, deals

PRODUCTS = "product_id,name\nGTX Pro,Pro\nGTX Basic,Basic"
LINES = "deal_id,line_no,product_id,quantity,net_price\nD1,1,GTXPro,1,5\nD1,2,GTX Basic,1,5"


def test_keeps_orphans_in_use(imported: Import, found: Find, rows: Rows) -> None:
    report = imported(
        deals=deals("D1,R9,open,2026-01-01", header="deal_id,owner_id,outcome,created_at"),
        people="person_id\nR1",
    )
    (problem,) = found(report, Rule.ORPHAN_KEY)
    assert problem.example == "deals.csv:2: deal_id D1, owner_id R9"
    assert problem.effect.startswith("the rows stay in use; role, team and region")
    assert report.suggestions == ()
    assert rows("deals", "owner_id") == [("R9",)]


def test_says_once_that_a_whole_table_is_not_there(imported: Import, found: Find) -> None:
    report = imported(
        deals=deals(
            "D1,R9,open,2026-01-01",
            "D2,,open,2026-01-01",
            header="deal_id,owner_id,outcome,created_at",
        )
    )
    (problem,) = found(report, Rule.MISSING_TABLE)
    assert (problem.rows, problem.column) == (1, "owner_id")
    assert problem.effect.startswith("there is no table people")


def test_suggests_the_nearest_spelling(imported: Import, found: Find) -> None:
    report = imported(deals=deals("D1,open,2026-01-01,,"), products=PRODUCTS, deal_lines=LINES)
    (problem,) = found(report, Rule.ORPHAN_KEY)
    assert "'GTXPro' may stand for 'GTX Pro': accept it with --accept" in problem.effect
    assert report.suggestions == (
        Suggestion("deal_lines", "product_id", "GTXPro", "GTX Pro", 1, "products"),
    )


def test_takes_suggestions_when_asked_and_remembers_them(
    workspace: Workspace, imported: Import, found: Find, rows: Rows
) -> None:
    tables = {"deals": deals("D1,open,2026-01-01,,"), "products": PRODUCTS, "deal_lines": LINES}
    report = imported(accept=True, **tables)
    assert [each.value for each in report.accepted] == ["GTXPro"]
    assert report.suggestions == ()
    (problem,) = found(report, Rule.ACCEPTED_SPELLING)
    assert problem.example == "deal_lines.csv:2: deal_id D1, line_no 1, product_id GTXPro"
    assert rows("deal_lines", "product_id") == [("GTX Pro",), ("GTX Basic",)]
    assert read_accepted(workspace) == {"products": {"GTXPro": "GTX Pro"}}

    more = LINES + "\nD1,3,GTXPro,1,6"
    later = imported(**tables | {"deal_lines": more})
    assert found(later, Rule.ORPHAN_KEY) == []
    assert rows("deal_lines", "product_id") == [("GTX Pro",), ("GTX Basic",), ("GTX Pro",)]


def test_takes_suggestions_of_a_snapshot_that_is_there(
    workspace: Workspace, write: Write, rows: Rows
) -> None:
    source = write(deals=deals("D1,open,2026-01-01,,"), products=PRODUCTS, deal_lines=LINES)
    first = import_books(workspace, source)
    second = import_books(workspace, source, accept=True)
    assert second.snapshot != first.snapshot
    assert [each.value for each in second.accepted] == ["GTXPro"]
    assert rows("deal_lines", "product_id") == [("GTX Pro",), ("GTX Basic",)]
    third = import_books(workspace, source, accept=True)
    assert (third.snapshot, third.unchanged) == (second.snapshot, True)


def test_leaves_an_accepted_spelling_that_has_become_a_key(imported: Import, rows: Rows) -> None:
    tables = {"deals": deals("D1,open,2026-01-01,,"), "products": PRODUCTS, "deal_lines": LINES}
    imported(accept=True, **tables)
    imported(**tables | {"products": PRODUCTS + "\nGTXPro,another"})
    assert rows("deal_lines", "product_id") == [("GTXPro",), ("GTX Basic",)]


def test_a_deal_set_aside_makes_no_orphans_of_its_lines(imported: Import, found: Find) -> None:
    report = imported(
        deals=deals("D1,maybe,2026-01-01,,", "D2,open,2026-01-01,,"),
        deal_lines="deal_id,line_no,quantity,net_price\nD1,1,1,5",
    )
    assert found(report, Rule.ORPHAN_KEY) == []
