"""The worked example: splits, totals and groupings as they were worked out by hand."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from counterpoise.agreement import Agreements, read_agreement
from counterpoise.books.books import Books
from counterpoise.books.facts import View
from counterpoise.ledger import review, review_object
from counterpoise.ledger.ledger import ledger_deals
from tests.ledger.disk_books import books_of, read_export

AS_OF = dt.date(2026, 6, 30)


@pytest.fixture(scope="module")
def golden(shared: Path) -> Path:
    return shared / "golden"


@pytest.fixture(scope="module")
def books(golden: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    tables = read_export(golden / "export")
    with books_of(tmp_path_factory.mktemp("golden") / "company", tables) as opened:
        yield opened


@pytest.fixture(scope="module")
def agreements(golden: Path) -> Agreements:
    return Agreements.single(read_agreement(golden / "agreement.yaml"))


@pytest.fixture(scope="module")
def expected(golden: Path) -> dict[str, Any]:
    text = (golden / "expected.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)["ledger"]
    return found


@pytest.fixture(scope="module")
def told(books: Books, agreements: Agreements) -> dict[str, Any]:
    return review_object(review(books, agreements, AS_OF))


def test_divides_every_concession_as_worked_out_by_hand(
    books: Books, agreements: Agreements, golden: Path
) -> None:
    deals = ledger_deals(View(books, AS_OF), agreements)
    won = deals.filter(deals.outcome == "won", deals.concession.notnull())
    rows = {row["deal_id"]: row for row in books.run(won).to_pylist()}
    parts = {
        "list_amount": "list",
        "net_amount": "net",
        "concession": "concession",
        "above_list": "above_list",
        "within_authority": "within_authority",
        "approved": "approved",
        "leakage": "leakage",
        "unjudged": "unjudged",
        "leakage_high": "leakage_high",
        "cost_amount": "cost",
    }
    found = {
        deal: {written: row[name] for name, written in parts.items()} for deal, row in rows.items()
    }
    with (golden / "deal_splits.csv").open(encoding="utf-8") as file:
        splits = {
            row["deal_id"]: {written: Decimal(row[written]) for written in parts.values()}
            for row in csv.DictReader(file)
        }
    assert found == splits


def test_tells_the_whole_ledger_of_the_worked_example(
    told: dict[str, Any], expected: dict[str, Any]
) -> None:
    wanted = {name: value for name, value in expected.items() if name != "by"}
    assert {name: value for name, value in told["ledger"].items() if name in wanted} == {
        **wanted,
        "unpriced": {**wanted["unpriced"], "without_amounts": 0},
    }


def test_groups_the_worked_example_as_worked_out_by_hand(
    told: dict[str, Any], expected: dict[str, Any]
) -> None:
    for grouping, wanted in expected["by"].items():
        found = {
            "(none)" if row["key"] is None else row["key"]: row
            for row in told["ledger"]["by"][grouping]
        }
        assert found.keys() == wanted.keys(), grouping
        for key, figures in wanted.items():
            assert {name: found[key][name] for name in figures} == figures, (grouping, key)


def test_says_that_nobody_has_signed_the_draft(told: dict[str, Any]) -> None:
    assert told["agreement"]["status"] == "as_if"
    assert told["agreement"]["title"] == "Golden"


def test_measures_goals_over_the_days_of_the_agreement(told: dict[str, Any]) -> None:
    # D16 was won before the agreement came into force: (381162 - 9000) / (423700 - 10000).
    goal = told["goals"][0]
    assert (goal["id"], goal["target"], goal["status"]) == ("realization", 0.92, "behind")
    assert goal["actual"] == 0.899594


def test_says_why_a_concession_could_not_be_judged(told: dict[str, Any]) -> None:
    reasons = {row["reason"]: (row["deals"], row["amount"]) for row in told["ledger"]["unjudged"]}
    assert reasons == {
        "no_agreement": (1, 1000.0),
        "role_unknown": (1, 500.0),
        "fact_missing": (1, 450.0),
    }


def test_groups_lines_by_product_and_family(told: dict[str, Any]) -> None:
    by = told["ledger"]["by"]
    family = {row["key"]: row for row in by["product_family"]}
    # Kit: D8's second line, D19 and D20; Orion: D13; no line: D18.
    assert {key: row["deals_won"] for key, row in family.items()} == {
        "GTX": 14,
        "Kit": 3,
        "Orion": 1,
        None: 1,
    }
    kit = family["Kit"]
    assert (kit["list_revenue"], kit["net_revenue"]) == (23800.0, 19910.0)
    assert (kit["conceded"], kit["above_list"]) == (4090.0, 200.0)
    assert (family[None]["list_revenue"], family[None]["net_revenue"]) == (0.0, 7000.0)
    assert {row["name"] for row in by["product"]} == {"GTX One", "Orion", "Kit", "(none)"}


def test_refuses_to_tell_what_discounts_do_to_winning(told: dict[str, Any]) -> None:
    effect = told["ledger"]["discount_effect"]
    assert effect["status"] == "refused"
    assert "Lost offers are not recorded" in effect["why"]
