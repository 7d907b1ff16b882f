"""A deal is known to the marketers whose campaigns touched it."""

import datetime as dt
from pathlib import Path
from typing import Any

from counterpoise.books.touching import deal_campaigns
from tests.ledger.disk_books import books_of

DAY = dt.datetime(2026, 3, 1, 10)


def _touch(name: str, days: int, campaign: str | None, **of: str) -> dict[str, Any]:
    at = DAY + dt.timedelta(days=days)
    return {"touch_id": name, "touched_at": at, "channel": "web", "campaign_id": campaign} | of


def test_a_visitor_brings_what_came_before_it_became_known(tmp_path: Path) -> None:
    """V1 became L1, then L2: what came before each is its own, and L2 led to no deal."""
    tables: dict[str, list[dict[str, Any]]] = {
        "leads": [{"lead_id": name, "created_at": DAY} for name in ("L1", "L2")],
        "deals": [{"deal_id": "D1", "lead_id": "L1", "outcome": "open", "created_at": DAY}],
        "touches": [
            _touch("T1", 0, "C1", visitor_id="V1"),
            _touch("T2", 1, None, visitor_id="V1", lead_id="L1"),
            _touch("T3", 2, "C2", visitor_id="V1"),
            _touch("T4", 3, None, visitor_id="V1", lead_id="L2"),
            _touch("T5", 0, "C3", visitor_id="V2"),
        ],
    }
    with books_of(tmp_path / "room", tables) as books:
        rows = books.run(deal_campaigns(books)).to_pylist()
    assert rows == [{"deal_id": "D1", "campaign_id": "C1"}]
