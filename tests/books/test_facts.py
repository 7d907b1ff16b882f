"""Facts of deals: up to which day the books are read where nobody says."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from counterpoise.books.facts import latest_day
from tests.ledger.disk_books import books_of

CLOSED = dt.datetime(2026, 3, 1, 12)
LATER = dt.datetime(2026, 3, 9, 23, 59)
EXPECTED = dt.datetime(2026, 9, 1)
TODAY = dt.date(2026, 6, 30)
DEAL = {"deal_id": "D1", "outcome": "won", "created_at": CLOSED, "closed_at": CLOSED}
OPEN = {"deal_id": "D2", "outcome": "open", "created_at": CLOSED, "closed_at": LATER}
LEAD = {"lead_id": "L1", "created_at": CLOSED}
APPROVAL = {"approval_id": "Q1", "deal_id": "D1", "subject": "discount", "verdict": "approved"}


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("adjustments", {"adjustment_id": "J1", "deal_id": "D1", "booked_at": LATER}),
        ("customizations", {"customization_id": "Z1", "deal_id": "D1", "requested_at": LATER}),
        ("approvals", APPROVAL | {"requested_at": LATER}),
        ("leads", LEAD | {"handed_over_at": LATER}),
    ],
)
def test_reads_the_books_up_to_the_latest_of_all_that_happened(
    table: str, row: dict[str, Any], tmp_path: Path
) -> None:
    with books_of(tmp_path, {"deals": [DEAL], table: [row]}) as books:
        assert latest_day(books, TODAY) == LATER.date()


def test_takes_what_is_expected_for_no_event(tmp_path: Path) -> None:
    planned = DEAL | {"deal_id": "D3", "closed_at": EXPECTED}
    with books_of(tmp_path, {"deals": [DEAL, OPEN, planned]}) as books:
        assert latest_day(books, TODAY) == CLOSED.date()
