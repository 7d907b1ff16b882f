"""Every promotion of the books as its page shows it, worked out with each review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from pydantic import JsonValue

from counterpoise.desk.judge_promotions import judge_promotions
from counterpoise.ledger.around import weeks_around
from counterpoise.ledger.promotion_cover import covered_weeks
from counterpoise.ledger.promotion_earned import PromotionEarned
from counterpoise.ledger.within import Refused
from counterpoise.web.results.measured import Measured, Outcome
from counterpoise.web.results.promotions_measured import PromotionsMeasured
from counterpoise.web.results.trade import PROMOTED, PROMOTED_WEEKS

MOST_PROMOTIONS = 20_000
"""How many promotions are kept, the latest."""

_TEXT, _NUMBER, _COUNT = "string", "float64", "int64"
_SCHEMA: Mapping[str, str] = {
    "promotion_id": _TEXT,
    "campaign_id": _TEXT,
    "account_id": _TEXT,
    "product_id": _TEXT,
    "product_family": _TEXT,
    "starts_on": "date",
    "ends_on": "date",
    "kind": _TEXT,
    "rate": _NUMBER,
    "trade_spend": "decimal(18, 4)",
    "requested_by": _TEXT,
    "verdict": _TEXT,
    "clause": _TEXT,
    "approver": _TEXT,
    "agreement": _TEXT,
    "approved_by": _TEXT,
    "approved_role": _TEXT,
    "approval": _TEXT,
    "cells": _COUNT,
    "cells_on_deal": _COUNT,
    "cells_featured": _COUNT,
    "cells_displayed": _COUNT,
    "depth_amount": _NUMBER,
    "base_sales": _NUMBER,
    "units": _NUMBER,
    "gained": _NUMBER,
    "dipped": _NUMBER,
    "taken": _NUMBER,
    "more_sold": _NUMBER,
    "price_given": _NUMBER,
    "after": _NUMBER,
    "neighbours": _NUMBER,
    "spent": _NUMBER,
    "earned": _NUMBER,
    "earned_low": _NUMBER,
    "earned_high": _NUMBER,
    "is_small": "boolean",
    "weeks_left_out": _COUNT,
}
_JUDGED = (
    "promotion_id campaign_id account_id product_id product_family starts_on ends_on kind rate "
    "trade_spend requested_by verdict clause approver agreement approval_id"
).split()

_PARTS = "units gained dipped taken more_sold price_given after neighbours weeks_left_out".split()


def measure_promoted(measured: Measured) -> Outcome:
    """Judge every promotion and tell what it brought; nothing where the books hold none."""
    books = measured.view.books
    if not (books.has("promotions") and books.has("sell_through")):
        return Outcome({})
    found = PromotionsMeasured(measured)
    judged = judge_promotions(books, measured.agreements, measured.view.as_of)
    latest = judged.select(*_JUDGED).order_by(judged.starts_on.desc(), judged.promotion_id)
    rows = books.run(latest.limit(MOST_PROMOTIONS)).to_pylist()
    chosen = ibis.memtable(
        {"promotion_id": [row["promotion_id"] for row in rows]}, schema={"promotion_id": _TEXT}
    )
    cover = covered_weeks(measured.view, found.weeks).semi_join(chosen, "promotion_id")
    base = None if isinstance(found.baseline, Refused) else found.baseline
    weeks = weeks_around(measured.view, found.weeks, cover, base)
    brought, why = _brought(found)
    seen = {row["promotion_id"]: row for row in books.run(_seen(weeks)).to_pylist()}
    approvals = _approvals(measured)
    table = [
        {
            **dict.fromkeys(_SCHEMA),
            **row,
            "rate": None if row["rate"] is None else float(row["rate"]),
            **approvals.get(row.pop("approval_id"), {}),
            **seen.get(row["promotion_id"], {}),
            **brought.get(row["promotion_id"], {}),
        }
        for row in rows
    ]
    kept = books.laid(pa.Table.from_pylist(table, ibis.schema(_SCHEMA).to_pyarrow()), PROMOTED)
    told: dict[str, JsonValue] = {
        "promotions": int(books.run(judged.count()).as_py()),
        "kept": len(rows),
        "earned_refused": why,
        "baseline_refused": found.baseline.why if isinstance(found.baseline, Refused) else "",
    }
    ordered = weeks.order_by("promotion_id", "week")
    return Outcome(told, {PROMOTED: kept, PROMOTED_WEEKS: ordered})


def _brought(found: PromotionsMeasured) -> tuple[dict[str, dict[str, Any]], str]:
    """Return what each promotion brought, by its id, or why nobody can tell."""
    book = found.book
    if isinstance(book, Refused):
        return {}, book.why
    return {each.key: _told(each) for each in book.earned()}, ""


def _told(each: PromotionEarned) -> dict[str, Any]:
    told = {name: getattr(each, name) for name in _PARTS}
    return {
        **told,
        "spent": each.trade_spend,
        "earned": each.earned.value,
        "earned_low": each.earned.low,
        "earned_high": each.earned.high,
        "is_small": each.earned.is_small,
    }


def _seen(weeks: ir.Table) -> ir.Table:
    """Return what was seen in the weeks of each promotion."""
    during = weeks.filter(weeks.part == "during")
    return during.group_by("promotion_id").aggregate(
        cells=during.cells.sum(),
        cells_on_deal=during.on_deal.sum(),
        cells_featured=during.featured.sum(),
        cells_displayed=during.displayed.sum(),
        depth_amount=during.depth_amount.sum().cast("float64"),
        base_sales=during.base_sales.sum().cast("float64"),
    )


def _approvals(measured: Measured) -> dict[str | None, dict[str, Any]]:
    """Return who approved or refused, by approval."""
    books = measured.view.books
    if not books.has("approvals"):
        return {}
    approvals = books.table("approvals")
    asked = books.table("promotions").select(asked_as="approval_id")
    found = approvals.semi_join(asked, approvals.approval_id == asked.asked_as).select(
        "approval_id",
        approved_by="decided_by",
        approved_role="decided_role",
        approval="verdict",
    )
    return {row.pop("approval_id"): row for row in books.run(found).to_pylist()}
