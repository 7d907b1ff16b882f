"""Books of a few hundred deals for the kinds about prices."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

AGREEMENT = """
agreement: counterpoise/v1
title: Test
in_force: {from: 2023-01-01, until: 2026-12-31}
roles:
  rep: {side: sales, default: true}
  lead: {side: both}
discounts:
  limits: [{id: all, up_to: {rep: 6%, lead: 60%}}]
  levers: [{id: long_term, when: {term_months: ">= 36"}, adds: 3%}]
"""
LIST = 100_000
QUARTERS = Decimal(365) / Decimal("91.3125")
LAST = dt.date(2026, 6, 30)


def deal(id_: str, rate: float, day: dt.date, outcome: str = "won", **facts: Any) -> dict[str, Any]:
    """Return a deal of 100,000 at list that was begun ten days before its day."""
    begun = dt.datetime.combine(day - dt.timedelta(days=10), dt.time(9))
    return {
        "deal_id": id_,
        "outcome": outcome,
        "created_at": begun,
        "closed_at": dt.datetime.combine(day, dt.time(12)),
        "list_amount": Decimal(LIST),
        "net_amount": Decimal(str(round(LIST * (1 - rate), 2))),
        **facts,
    }


def person(id_: str, team: str = "North") -> dict[str, Any]:
    return {"person_id": id_, "name": f"Name of {id_}", "role": "rep", "team": team}


def quarterly(won: int, rate: float) -> float:
    """Return what a rate comes to on so many won deals, money a quarter."""
    return float(round(Decimal(won * LIST) * Decimal(str(rate)) / QUARTERS, 2))
