"""Who helped which deal, by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

from counterpoise.books.facts import View
from counterpoise.ledger.helping import helpers
from tests.ledger.fit_rows import judged, sold
from tests.ledger.small_books import memory_books

DAY = dt.datetime(2026, 2, 1)
LATER = dt.datetime(2026, 8, 1)


def approval(id_: str, deal_id: str, by: str, verdict: str, at: dt.datetime = DAY) -> Any:
    asked = {"subject": "discount", "requested_by": "S1", "requested_at": DAY}
    told = {"approval_id": id_, "deal_id": deal_id, "decided_by": by, "verdict": verdict}
    return {**asked, **told, "decided_at": at}


def test_tells_who_had_a_part_beside_owning_the_deal() -> None:
    books = memory_books(
        deals=[{"deal_id": "D1", "lead_id": "L1"}, {"deal_id": "D2"}],
        leads=[
            {"lead_id": "L1", "created_at": DAY, "owner_id": "S2"},
            {"lead_id": "L2", "created_at": DAY, "owner_id": "S1", "deal_id": "D1"},
            {"lead_id": "L3", "created_at": DAY, "owner_id": "S3"},
            {"lead_id": "L4", "created_at": DAY, "deal_id": "D2"},
        ],
        approvals=[
            approval("A1", "D1", "M1", "approved"),
            approval("A2", "D1", "M1", "approved"),
            approval("A3", "D2", "M1", "refused"),
            approval("A4", "D2", "M2", "approved", LATER),
        ],
        tools=[{"tool_id": "T1", "owner_id": "P1"}, {"tool_id": "T2"}],
        tool_uses=[
            {"tool_id": "T1", "used_at": DAY, "deal_id": "D1", "person_id": "S1"},
            {"tool_id": "T2", "used_at": DAY, "deal_id": "D2", "person_id": "S2"},
            {"tool_id": "T1", "used_at": DAY, "person_id": "S2"},
            {"tool_id": "T1", "used_at": LATER, "deal_id": "D2", "person_id": "S3"},
        ],
    )
    deals = judged(
        [
            sold("D1", "A1", None, owner_id="S1"),
            sold("D2", "A2", None, owner_id=None, outcome="lost"),
        ]
    )
    rows = books.run(helpers(View(books, dt.date(2026, 6, 30)), deals)).to_pylist()
    assert sorted((row["person_id"], row["deal_id"], row["helped"]) for row in rows) == [
        ("M1", "D1", "approved"),
        ("P1", "D1", "tool_made"),
        ("S2", "D1", "lead"),
        ("S2", "D2", "tool_used"),
    ]


def test_tells_nothing_of_books_that_hold_deals_alone() -> None:
    books = memory_books(deals=[{"deal_id": "D1"}])
    deals = judged([sold("D1", "A1", None, owner_id="S1")])
    assert not books.run(helpers(View(books, dt.date(2026, 6, 30)), deals)).num_rows
