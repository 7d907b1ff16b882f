"""Customizations outside limits or quota that nobody validly approved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from counterpoise.books import Books
from counterpoise.books.facts import View
from counterpoise.watch import Watched, Watching
from counterpoise.watch.kinds.customization_sprawl import KIND
from tests.ledger.disk_books import books_of
from tests.ledger.small_books import deal, deals_of
from tests.watch.fact_books import AS_OF, agreed, asked_of

AGREEMENT = """
agreement: counterpoise/v1
title: Test
in_force: {from: 2025-01-01, until: 2026-12-31}
roles:
  rep: {side: sales, default: true}
  manager: {side: sales, people: {role: [Manager]}}
customizations:
  limits: [{id: label, kind: label, up_to: {rep: 1000, manager: 20000}}]
  otherwise: refused
"""
PEOPLE = [
    {"person_id": "R1", "name": "Ada", "role": "rep", "team": "North"},
    {"person_id": "R2", "name": "Bo", "role": "rep", "team": "North"},
    {"person_id": "M1", "name": "Mo", "role": "Manager", "team": "North"},
]
ASKED = dt.datetime(2026, 2, 2, 10)
QUARTERS = 365 / 91.3125


def made(id_: str, deal: str, cost: int | None, kind: str = "label", **more: Any) -> dict[str, Any]:
    return {
        "customization_id": id_,
        "deal_id": deal,
        "kind": kind,
        "cost": None if cost is None else Decimal(cost),
        "requested_at": ASKED,
        **more,
    }


DEALS: list[dict[str, Any]] = [
    {
        "deal_id": id_,
        "owner_id": owner,
        "outcome": "won",
        "created_at": dt.datetime(2026, 1, 2),
        "closed_at": dt.datetime(2026, 3, 2),
        "list_amount": Decimal(50_000),
        "net_amount": Decimal(50_000),
    }
    for id_, owner in [
        *((f"A{at}", "R1") for at in range(8)),
        *((f"B{at}", "R2") for at in range(4)),
    ]
]
CUSTOMIZATIONS = [
    *(made(f"Z{at}", f"A{at}", 10_000) for at in range(3)),  # above a rep's limit; Z0 is approved
    *(made(f"Y{at}", f"A{at + 3}", 9_000, "bespoke") for at in range(3)),  # of no kind agreed on
    made("X1", "A6", 500),  # within
    made("X2", "A7", None),  # of unknown cost: nobody can judge it
    made("X3", "A7", 9_000, "bespoke", requested_at=dt.datetime(2025, 3, 1)),  # before the window
    *(made(f"V{at}", f"B{at}", 10_000) for at in range(4)),  # all approved
]
APPROVALS = [
    {
        "approval_id": f"Q-{id_}",
        "deal_id": id_,
        "subject": "customization",
        "kind": "label",
        "value": Decimal(10_000),
        "requested_by": owner,
        "requested_at": ASKED,
        "decided_by": "M1",
        "decided_role": "manager",
        "verdict": "approved",
        "decided_at": dt.datetime(2026, 2, 3),
    }
    for id_, owner in [("A0", "R1"), *((f"B{at}", "R2") for at in range(4))]
]
TABLES: dict[str, list[dict[str, Any]]] = {
    "people": PEOPLE,
    "deals": DEALS,
    "customizations": CUSTOMIZATIONS,
    "approvals": APPROVALS,
}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    with books_of(tmp_path_factory.mktemp("sprawl") / "company", TABLES) as opened:
        yield opened


@pytest.fixture(scope="module")
def watched(books: Books) -> Watched:
    agreements = agreed(AGREEMENT)
    judged = deals_of(deal(**{**each, "closed_at": None}) for each in DEALS)
    return Watched(View(books, AS_OF), agreements, agreements.versions[0].agreement, judged)


def test_counts_what_is_judged_and_what_stands_outside(watched: Watched) -> None:
    found = asked_of(KIND, watched)
    assert {id_: (each.n, each.notes["bad"]) for id_, each in found.items()} == {
        "R1": (7, 5),  # Z1, Z2 and the three bespoke ones, of seven that can be judged
        "R2": (4, 0),
        "North": (11, 5),
    }
    # Five or more of seven: 21 × 0.1⁵ × 0.9² + 7 × 0.1⁶ × 0.9 + 0.1⁷.
    assert found["R1"].p == pytest.approx(21 * 0.1**5 * 0.81 + 7 * 0.1**6 * 0.9 + 0.1**7)


def test_stakes_what_it_costs_a_quarter(watched: Watched) -> None:
    found = asked_of(KIND, watched)
    assert float(found["R1"].stake) == pytest.approx(47_000 / QUARTERS, abs=0.01)
    assert found["R2"].stake == 0


def test_shows_what_stands_outside(watched: Watched) -> None:
    found = asked_of(KIND, watched)["R1"]
    rows = watched.books.run(KIND.rows(watched, found)).to_pylist()
    assert sorted(row["customization_id"] for row in rows) == ["Y0", "Y1", "Y2", "Z1", "Z2"]
    assert sum(row["stake_part"] for row in rows) == pytest.approx(float(found.stake), abs=0.01)


def test_says_what_happened_and_names_kinds_without_a_limit(watched: Watched) -> None:
    found = asked_of(KIND, watched)["R1"]
    assert KIND.says(watched, found).startswith(
        "5 of 7 customizations of Ada stand outside the limits or the quota without a valid "
        "approval (71%; 10% may happen): 11,758 USD a quarter."
    )
    assert KIND.next_step(watched, found).startswith("Decide together whether bespoke is sold")
    assert KIND.other_view(watched, found).figures == (
        ("Won of closed", "5 of 5"),
        ("Net revenue", "250,000 USD"),
    )


def test_is_found_in_a_company_and_nobody_else_is(
    fact_company: Watching, fact_subjects: dict[str, str]
) -> None:
    found = [each.subject.id for each in fact_company.cracks if each.kind == KIND.name]
    assert found == [fact_subjects[KIND.name]]
