"""One review with its watch: the same ledger as without, and the cracks laid in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from counterpoise.agreement import Agreements, parse_agreement
from counterpoise.agreement.fields import UnknownFieldError
from counterpoise.books import Books
from counterpoise.ledger import review, review_object
from counterpoise.watch import all_kinds, review_and_watch
from tests.ledger.disk_books import books_of

AS_OF = dt.date(2026, 6, 30)
AGREEMENT = """
agreement: counterpoise/v1
title: Test
in_force: {from: 2025-01-01, until: 2026-12-31}
roles:
  rep: {side: sales, default: true}
  marketer: {side: marketing}
discounts: {limits: [{id: all, up_to: {rep: 10%, marketer: 40%}}]}
"""
AGREED = Agreements.single(parse_agreement(AGREEMENT))
DEEP = "R3"


def _deals() -> Iterator[dict[str, Any]]:
    """Ten reps with forty won deals of 50,000 each, at 4 to 6 %; one at 19 to 21 %."""
    for rep in range(10):
        for number in range(40):
            rate = Decimal(4 + number % 3 + (15 if f"R{rep}" == DEEP else 0)) / 100
            yield {
                "deal_id": f"D{rep:02}-{number:02}",
                "owner_id": f"R{rep}",
                "account_id": f"A{number}",
                "outcome": "won",
                "created_at": dt.datetime(2025, 7, 1),
                "closed_at": dt.datetime(2025, 7, 10) + dt.timedelta(days=8 * number),
                "list_amount": Decimal(50_000),
                "net_amount": Decimal(50_000) * (1 - rate),
            }


TABLES: dict[str, list[dict[str, Any]]] = {
    "people": [
        {"person_id": f"R{rep}", "name": f"Rep {rep}", "role": "rep", "team": "North"}
        for rep in range(10)
    ],
    "accounts": [
        {"account_id": f"A{number}", "segment": "SMB", "country": "HR"} for number in range(40)
    ],
    "deals": [*_deals()],
}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    with books_of(tmp_path_factory.mktemp("books") / "company", TABLES) as made:
        yield made


def test_lays_the_cracks_into_the_same_review(books: Books) -> None:
    found, watching = review_and_watch(books, AGREED, AS_OF, ["country"])
    bare = review(books, AGREED, AS_OF, ["country"])
    told, alone = review_object(found), review_object(bare)
    for beside in ("cracks", "not_watched", "watch"):
        told.pop(beside)
        alone.pop(beside)
    assert told == alone
    assert found.cracks == watching.cracks
    drift = [each for each in found.cracks if each.kind == "discount_drift"]
    assert [each.subject.id for each in drift] == [DEEP]


def test_says_what_the_cracks_are_worth_together(books: Books) -> None:
    found, watching = review_and_watch(books, AGREED, AS_OF)
    assert found.watch is not None
    assert found.watch.questions == watching.questions
    assert (found.watch.false_alarms, found.watch.material) == (Decimal("0.1"), Decimal(5000))
    assert found.watch.stake == watching.total_stake()
    assert sum(each.cracks for each in found.watch.sides) == len(found.cracks)


def test_watches_nothing_without_an_agreement(books: Books) -> None:
    found, watching = review_and_watch(books, Agreements(), AS_OF)
    assert not found.cracks
    assert found.watch is None
    assert watching.questions == 0
    assert [each.kind for each in found.not_watched] == [*all_kinds()]
    assert {each.why for each in found.not_watched} == {
        "there is no agreement to hold the books against"
    }


def test_watches_books_without_any_deal(tmp_path: Path) -> None:
    with books_of(tmp_path / "company", {"deals": []}) as empty:
        found, watching = review_and_watch(empty, AGREED, AS_OF)
    assert not watching.found
    assert "discount_drift" in {each.kind for each in found.not_watched}


def test_refuses_a_field_that_nothing_has(books: Books) -> None:
    with pytest.raises(UnknownFieldError, match="country"):
        review_and_watch(books, AGREED, AS_OF, ["contry"])
