"""Books for the kinds about whom the company sells to, and with what in hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from counterpoise.watch import Watched
from tests.ledger.disk_books import books_of
from tests.watch.fact_books import agreed, watched_of

AGREEMENT = """
agreement: counterpoise/v1
title: Test
in_force: {from: 2025-01-01, until: 2026-12-31}
roles:
  rep: {side: sales, default: true}
  marketer: {side: marketing}
discounts: {limits: [{id: all, up_to: {rep: 40%, marketer: 40%}}]}
personas:
  - {id: maker, name: Maker, when: {industry: Making}}
"""
BARE = AGREEMENT.split("personas:", maxsplit=1)[0]
QUARTERS = 365 / 91.3125

Rows = Iterable[Mapping[str, Any]]


@contextmanager
def small_company(
    folder: Path, tables: Mapping[str, Rows], agreement: str = AGREEMENT
) -> Iterator[Watched]:
    """Open books of a few rows as the watch looks at them."""
    with books_of(folder, {name: list(rows) for name, rows in tables.items()}) as books:
        yield watched_of(books, agreed(agreement))


def deal(id_: str, account: str, outcome: str = "won", **facts: Any) -> dict[str, Any]:
    """Return a deal of 100,000 at list, sold for 90,000 at a cost of 50,000, of one day."""
    return {
        "deal_id": id_,
        "account_id": account,
        "outcome": outcome,
        "source": "Web",
        "kind": "new",
        "created_at": dt.datetime(2026, 1, 10),
        "closed_at": dt.datetime(2026, 2, 10),
        "list_amount": Decimal(100_000),
        "net_amount": Decimal(90_000),
        "cost_amount": Decimal(50_000),
        **facts,
    }


def accounts(*, inside: int = 0, outside: int = 0, **facts: Any) -> list[dict[str, Any]]:
    """Return accounts I0, I1, … of makers, and O0, O1, … of nobody's persona."""
    made = [(f"I{at}", "Making") for at in range(inside)]
    made += [(f"O{at}", "Retail") for at in range(outside)]
    return [
        {"account_id": id_, "industry": industry, "segment": "Small", **facts}
        for id_, industry in made
    ]
