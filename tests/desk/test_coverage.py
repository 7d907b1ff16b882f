"""Coverage: what an approval covers that does not say everything."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

from counterpoise.agreement import Agreements
from counterpoise.desk.judged import judged_deals
from tests.desk.making import agree
from tests.ledger.disk_books import books_of

_CLOSED = dt.datetime(2026, 4, 1, 12)
_PARTS = ("within_authority", "approved", "leakage", "unjudged", "leakage_high")


def _parts(root: Path, **said: Any) -> tuple[Any, ...]:
    """Divide 180 of 1,000 where a rep may give 50 and a manager, who was asked, 150."""
    deal = {
        "deal_id": "D1",
        "owner_id": "P1",
        "outcome": "won",
        "created_at": _CLOSED,
        "closed_at": _CLOSED,
        "list_amount": Decimal(1000),
        "net_amount": Decimal(820),
    }
    approval = {
        "approval_id": "Q1",
        "deal_id": "D1",
        "subject": "discount",
        "value": Decimal("0.12"),
        "requested_by": "P1",
        "requested_at": _CLOSED,
        "decided_by": "P2",
        "decided_role": "manager",
        "verdict": "approved",
        "decided_at": _CLOSED,
    }
    people = [{"person_id": "P1", "role": "rep"}, {"person_id": "P2", "role": "manager"}]
    limits = [{"id": "standard", "up_to": {"rep": "5%", "manager": "15%"}}]
    tables: dict[str, list[dict[str, Any]]] = {
        "people": people,
        "deals": [deal],
        "approvals": [approval | said],
    }
    with books_of(root, tables) as books:
        agreements = Agreements.single(agree(discounts={"limits": limits}))
        judged = judged_deals(books, agreements, _CLOSED.date())
        (row,) = books.run(judged.select(*_PARTS)).to_pylist()
    return tuple(row[part] for part in _PARTS)


def test_covers_up_to_its_rate(tmp_path: Path) -> None:
    assert _parts(tmp_path) == (50, 70, 60, 0, 60)


def test_may_cover_all_that_its_role_may_grant_where_it_says_no_rate(tmp_path: Path) -> None:
    assert _parts(tmp_path, value=None) == (50, 0, 30, 100, 130)


def test_may_cover_where_nobody_says_when_it_came(tmp_path: Path) -> None:
    assert _parts(tmp_path, decided_at=None) == (50, 0, 60, 70, 130)
