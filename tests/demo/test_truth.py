"""What the ledger finds by its own route is what the maker of the company knows."""

import json
from pathlib import Path
from typing import Any

import pytest

from counterpoise.agreement import load_agreements, read_agreement, save_ratified
from counterpoise.books import Books, Workspace, import_books
from counterpoise.demo import Company, Faults, Recipe
from counterpoise.ledger.review import review
from counterpoise.ledger.review_json import review_object
from tests.demo.conftest import Make


def _workspace(company: Company, folder: Path) -> Workspace:
    workspace = Workspace.create(folder, currency=company.currency, time_zone=company.time_zone)
    for path in company.ratified:
        save_ratified(workspace.agreements_dir, read_agreement(path))
    import_books(workspace, company.export)
    return workspace


def _ledger(company: Company, folder: Path) -> dict[str, Any]:
    workspace = _workspace(company, folder)
    agreements = load_agreements(workspace.root)
    found = review_object(review(Books.open(workspace), agreements, company.last_on))
    ledger: dict[str, Any] = json.loads(json.dumps(found))["ledger"]
    return ledger


def test_the_review_finds_every_total_to_the_cent(make: Make, tmp_path: Path) -> None:
    company = make()
    ledger = _ledger(company, tmp_path / "workspace")
    truth = company.truth["totals"]
    assert isinstance(truth, dict)
    leakage = truth["leakage"]
    assert {name: ledger[name] for name in truth if name != "leakage"} == {
        name: value for name, value in truth.items() if name != "leakage"
    }
    assert ledger["concessions"]["leakage"] == pytest.approx(leakage, abs=0.02)
    assert leakage > 0
    assert ledger["concessions"]["leakage_high"] == ledger["concessions"]["leakage"]


def test_clean_books_have_no_problems(make: Make, tmp_path: Path) -> None:
    books = Books.open(_workspace(make(faults=Faults.none()), tmp_path / "workspace"))
    assert books.manifest.problems == ()


def test_dirty_rows_are_found_for_what_they_are(make: Make, tmp_path: Path) -> None:
    company = make(deals=1_000, recipe=Recipe(dirty=True))
    books = Books.open(_workspace(company, tmp_path / "workspace"))
    rows = company.truth["dirty_rows"]
    assert isinstance(rows, list)
    planted = {(row["rule"], row["table"], row["rows"]) for row in rows}
    assert {(str(p.rule), p.table, p.rows) for p in books.manifest.problems} == planted
    [suggestion] = books.manifest.suggestions
    assert (suggestion.value, suggestion.suggestion) == ("X-007", "X007")
