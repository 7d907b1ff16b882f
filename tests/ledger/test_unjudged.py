"""Why concessions could not be judged."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from counterpoise.ledger.unjudged import Reason, Unjudged, unjudged
from tests.ledger.small_books import deal, deals_of, memory_books

BOOKS = memory_books()


def found(*rows: dict[str, Any], recorded: bool = False) -> tuple[Unjudged, ...]:
    return unjudged(BOOKS, deals_of(rows, recorded))


def unsure(name: str, amount: int, **facts: Any) -> dict[str, Any]:
    known = {"agreement": "f", "ladder_role": "rep", "verdict": "unjudged"}
    return deal(
        name, **{"list_amount": 100, "net_amount": 50, **known, **facts, "unjudged": amount}
    )


def test_tells_each_reason_with_its_deals_and_amount_the_largest_first() -> None:
    assert found(
        unsure("D1", 5, agreement=None),
        unsure("D2", 7, ladder_role=None),
        unsure("D3", 1),
        unsure("D4", 2),
        unsure("D5", 40, verdict="refused"),
    ) == (
        Unjudged(Reason.NO_APPROVALS, 1, Decimal(40)),
        Unjudged(Reason.ROLE_UNKNOWN, 1, Decimal(7)),
        Unjudged(Reason.NO_AGREEMENT, 1, Decimal(5)),
        Unjudged(Reason.FACT_MISSING, 2, Decimal(3)),
    )


def test_has_no_reason_for_what_is_judged_or_was_not_won() -> None:
    assert found(unsure("D1", 0), unsure("D2", 9, outcome="lost"), deal("D3")) == ()


def test_misses_approvals_only_where_none_were_on_record() -> None:
    refused_either_way = (
        unsure("D1", 15, verdict="refused", ladder_role=None),
        unsure("D2", 6, verdict="refused"),
    )
    assert found(*refused_either_way, recorded=True) == (
        Unjudged(Reason.ROLE_UNKNOWN, 1, Decimal(15)),
        Unjudged(Reason.FACT_MISSING, 1, Decimal(6)),
    )
