"""Amounts as they are written in won and rupiah are judged like small ones, to the cent."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from counterpoise.agreement import Agreement, Agreements
from counterpoise.desk.judged import judged_deals
from tests.ledger.disk_books import Row, books_of

_AT = dt.datetime(2026, 3, 2, 12)
_AGREEMENT = Agreement.model_validate(
    {
        "agreement": "counterpoise/v1",
        "title": "Large",
        "in_force": {"from": "2026-01-01", "if_lapsed": "continue"},
        "roles": {"rep": {"side": "sales"}, "manager": {"side": "sales"}},
        "discounts": {
            "limits": [{"id": "all", "up_to": {"rep": "10%", "manager": "30%"}}],
            "floor": {"margin": "15%", "decides": "manager"},
        },
    }
)


def _judged(root: Path, tables: dict[str, list[Row]]) -> dict[str, Any]:
    people: list[Row] = [{"person_id": "P1", "role": "rep"}]
    with books_of(root / "company", {"people": people, **tables}) as books:
        deals = judged_deals(books, Agreements.single(_AGREEMENT), _AT.date())
        judged: dict[str, Any] = books.run(deals).to_pylist()[0]
        return judged


@pytest.mark.parametrize("has_lines", [False, True])
@pytest.mark.parametrize("listed", ["3000000000", "200000000000.25", "5000000000000.75"])
def test_divides_a_concession_of_any_size(listed: str, has_lines: bool, tmp_path: Path) -> None:
    list_amount = Decimal(listed)
    net_amount = list_amount - Decimal(1000000000)
    deal: dict[str, Any] = {"deal_id": "D1", "outcome": "won", "owner_id": "P1"}
    deal |= {"created_at": _AT, "closed_at": _AT}
    tables: dict[str, list[Row]] = {}
    if has_lines:
        line = {"deal_id": "D1", "line_no": 1, "quantity": Decimal(1)}
        tables["deal_lines"] = [{**line, "list_price": list_amount, "net_price": net_amount}]
    else:
        deal |= {"list_amount": list_amount, "net_amount": net_amount}
    judged = _judged(tmp_path, {"deals": [deal], **tables})
    covered = list_amount * Decimal("0.1")
    within = min(Decimal(1000000000), covered)
    assert judged["concession"] == Decimal(1000000000)
    assert judged["within_authority"] == within
    assert judged["unjudged"] == Decimal(1000000000) - within


def test_holds_large_amounts_against_the_floor(tmp_path: Path) -> None:
    deal = {"deal_id": "D1", "outcome": "won", "owner_id": "P1", "closed_at": _AT}
    amounts = {"list_amount": Decimal(9000000000), "net_amount": Decimal(9000000000)}
    cost = {"cost_amount": Decimal(8000000000)}  # a margin of 11 %
    judged = _judged(tmp_path, {"deals": [{**deal, **amounts, **cost, "created_at": _AT}]})
    assert judged["verdict"] == "needs_approval"
