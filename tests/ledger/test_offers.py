"""First offer against last."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from counterpoise.ledger.offers import OfferMovement, Offers, offers
from tests.ledger.small_books import JUDGED, deal, memory_books, table


def offer(number: int, deal_id: str, net: float | None, day: int = 1) -> dict[str, Any]:
    return {
        "offer_id": f"O{number}",
        "deal_id": deal_id,
        "offered_at": dt.datetime(2026, 1, day),
        "list_amount": Decimal(100),
        "net_amount": None if net is None else Decimal(str(net)),
    }


def measured(deals: list[dict[str, Any]], rows: list[dict[str, Any]]) -> Offers:
    books = memory_books(offers=rows)
    return offers(books, table(JUDGED, deals), books.table("offers"), {"source": "source"})


def test_sets_the_first_offer_of_each_deal_against_its_last() -> None:
    found = measured(
        [deal("D1", source="web"), deal("D2", "lost")],
        [
            offer(3, "D1", 80, day=9),
            offer(1, "D1", 95),
            offer(2, "D1", 50, day=5),
            offer(4, "D2", 90),
        ],
    )
    assert found.all.deals == 2
    assert found.all.first_rate == pytest.approx(Decimal("0.075"), abs=Decimal("1e-9"))
    assert found.all.last_rate == pytest.approx(Decimal("0.15"), abs=Decimal("1e-9"))
    assert found.all.movement == pytest.approx(Decimal("0.075"), abs=Decimal("1e-9"))
    assert found.all.moved == 1
    assert found.by["source"]["web"].last_rate == pytest.approx(Decimal("0.2"), abs=Decimal("1e-9"))


def test_takes_the_lower_id_first_at_one_instant() -> None:
    found = measured([deal("D1")], [offer(2, "D1", 80), offer(1, "D1", 100)])
    assert (found.all.first_rate, found.all.moved) == (0, 1)


def test_counts_the_lost_deals_that_have_an_offer_on_record() -> None:
    deals = [deal("D1", "lost"), deal("D2", "lost"), deal("D3")]
    found = measured(deals, [offer(1, "D1", None), offer(2, "D3", 90)])
    assert (found.lost_deals, found.lost_with_offer, found.lost_share) == (2, 1, Decimal("0.5"))


def test_says_nothing_of_offers_without_a_price() -> None:
    found = measured([deal("D1")], [offer(1, "D1", None)])
    assert found.all == OfferMovement(0, None, None, 0)
    assert found.all.movement is None
