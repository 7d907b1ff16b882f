"""The reference pages that are made from the code are as the code is now."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest

from counterpoise.agreement import load_agreements
from counterpoise.books import Books, Workspace, import_books
from counterpoise.books.schema import TABLES
from counterpoise.ledger import review, review_object
from counterpoise.watch import all_kinds
from scripts.cracks import EXAMPLES
from scripts.reference import PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_page_made_from_the_code_is_current(root: Path, name: str) -> None:
    assert (root / name).read_text(encoding="utf-8") == PAGES[name](), "run: make docs"


def test_the_page_on_tables_tells_every_column(root: Path) -> None:
    page = (root / "docs/reference/tables.md").read_text(encoding="utf-8")
    for table in TABLES.values():
        section = page.split(f"## {table.name}\n")[1].split("\n## ")[0]
        assert [name for name in table.names if f"`{name}`" not in section] == []


def test_the_page_on_cracks_has_an_example_of_every_kind() -> None:
    told = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    assert set(told) == set(all_kinds()), "run: python -m scripts.crack_examples"
    assert all(says for example in told.values() for says in example.values())


def test_the_page_on_the_review_tells_every_field(root: Path, tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "acme")
    import_books(workspace, str(root / "examples/exports/salesforce"))
    found = review_object(
        review(Books.open(workspace), load_agreements(workspace.root), dt.date(2026, 6, 30))
    )
    ledger = found["ledger"]
    page = (root / "docs/reference/review.md").read_text(encoding="utf-8")
    told = {*found, *ledger, *ledger["unpriced"], *ledger["concessions"], *ledger["break_even"]}
    groupings = set(ledger["by"])
    named = set(re.findall(r"[`.](\w+)(?=[`.])", page))
    assert (told | groupings) - named - {"says", "deals"} == set()
