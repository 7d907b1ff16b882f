"""The worked example: requests under its agreement, with the answers worked out by hand."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from counterpoise.agreement.reading import read_agreement
from counterpoise.desk import BooksInMemory, apply_offer, decide, read_request

BOOKS = BooksInMemory(
    accounts={
        "A1": {
            "name": "Alder",
            "industry": "Manufacturing",
            "segment": "Enterprise",
            "employees": 500,
        },
        "A2": {"name": "Birch", "industry": "Retail", "segment": "SMB", "employees": 20},
        "A3": {"name": "Cedar", "industry": "Education", "segment": "Charity", "employees": 80},
        "A4": {"name": "Dogwood", "industry": "Medical", "segment": "Enterprise", "employees": 200},
    },
    products={
        "P1": {
            "name": "GTX One",
            "family": "GTX",
            "list_price": Decimal(1000),
            "unit_cost": Decimal(600),
        },
        "P2": {
            "name": "Orion",
            "family": "Orion",
            "list_price": Decimal(5000),
            "unit_cost": Decimal(3000),
        },
    },
)
LIST = {"P1": 1000, "P2": 5000}


def written(row: dict[str, Any]) -> dict[str, Any]:
    """Write a row of the example as a request."""
    net = LIST[row["product"]] * (1 - Decimal(str(row["rate"])))
    line = {
        "product_id": row["product"],
        "quantity": row["quantity"],
        "list_price": LIST[row["product"]],
        "net_price": net,
    }
    deal = {"account_id": row["account"], "lines": [line]}
    if "term_months" in row:
        deal["term_months"] = row["term_months"]
    return {
        "deal": deal,
        "asked_by": row["by"],
        "asked_at": "2026-06-10T10:00:00",
        "customizations": [row["customization"]] if "customization" in row else [],
    }


@pytest.fixture(scope="module")
def golden(shared: Path) -> Path:
    return shared / "golden"


def rows_of(golden: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = YAML(typ="safe").load(golden / "decisions.yaml")
    return rows


def test_answers_every_request_of_the_worked_example(golden: Path) -> None:
    agreement = read_agreement(golden / "agreement.yaml")
    rows = rows_of(golden)
    assert len(rows) == 18
    for row in rows:
        decision = decide(read_request(written(row)), agreement, BOOKS)
        answer = (decision.verdict.value, [approval.role for approval in decision.approvals])
        assert answer == (row["verdict"], row["approvals"]), row
        if "clause" in row:
            assert row["clause"] in {reason.clause for reason in decision.reasons}, row


def test_takes_every_counter_offer_of_the_worked_example(golden: Path) -> None:
    agreement = read_agreement(golden / "agreement.yaml")
    taken = 0
    for row in rows_of(golden):
        request = read_request(written(row))
        for offer in decide(request, agreement, BOOKS).counter_offers:
            again = decide(apply_offer(request, offer), agreement, BOOKS)
            assert again.verdict == offer.verdict, (row, offer)
            taken += 1
    assert taken > 10


def test_names_the_missing_term_that_would_change_the_answer(golden: Path) -> None:
    agreement = read_agreement(golden / "agreement.yaml")
    row = next(row for row in rows_of(golden) if "the term is not given" in row.get("why", ""))
    reasons = decide(read_request(written(row)), agreement, BOOKS).reasons
    assert (
        reasons[-1].says
        == "The term in months (term_months) is not given; with 36 or more it would be granted."
    )
    assert reasons[-1].clause == "discounts.levers.three_years"
