"""Judged deals with what fit and contra-effects read of them beside the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

from tests.ledger.small_books import JUDGED, deal, table

SCHEMA = ibis.schema(
    {
        **JUDGED,
        "kind": "string",
        "lead_id": "string",
        "competitor": "string",
        "payment": "string",
        "product_family": "string",
        "term_months": "int64",
    }
)


def judged(rows: Iterable[Mapping[str, Any]]) -> ir.Table:
    """Return judged deals as a kept review has them."""
    return table(SCHEMA, rows)


def sold(id_: str, account: str | None, persona: str | None, **facts: Any) -> dict[str, Any]:
    """Return a deal of 100 at list, won for 90 at a cost of 50 ten days after it was created."""
    day = facts.pop("day", dt.date(2026, 2, 11))
    closed = dt.datetime.combine(day, dt.time())
    common = {
        "account_id": account,
        "persona": persona,
        "day": day,
        "closed_at": closed,
        "created_at": closed - dt.timedelta(days=10),
        "kind": "new",
        "account__segment": "Small",
        "account__industry": "Making",
    }
    amounts = {"list_amount": 100, "net_amount": 90, "cost_amount": 50}
    return deal(id_, **{**common, **amounts, **facts})
