"""The kept figures of the trade: brands, accounts, and the promotions that open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast

import ibis
import ibis.expr.types as ir
from django.core.cache import caches

from counterpoise.web.results.reading import KeptReview
from counterpoise.web.results.trade import PROMOTED, PROMOTED_WEEKS, SHELF, SHELF_CELLS
from counterpoise.web.trade.reach import TradeReach

Row = Mapping[str, Any]
A_PAGE = 50
LAST_PAGE = 200
_KEEP_SECONDS = 3600
ORDERS: Mapping[str, str] = {
    "starts_on": "Days",
    "rate": "Off",
    "gained": "Units gained",
    "cost": "Cost",
    "earned": "Earned",
}
RESULTS: Mapping[str, str] = {
    "lost": "surely lost money",
    "earned": "surely earned",
    "unsure": "cannot tell which",
    "untold": "not measured",
}
"""How a promotion went, by how programs call it."""


def shelf_of(kept: KeptReview) -> dict[str, Any] | None:
    """Return the figures of brands and accounts; None where there are none."""
    found = kept.measure(SHELF)
    return cast("dict[str, Any]", found) if found else None


def promoted_of(kept: KeptReview) -> dict[str, Any] | None:
    """Return what is told of all promotions; None where there are none."""
    found = kept.measure(PROMOTED)
    return cast("dict[str, Any]", found) if found else None


def group_of(kept: KeptReview, by: str, key: str) -> dict[str, Any] | None:
    """Return the figures of one brand or account, `by` being `brand` or `account`."""
    shelf = shelf_of(kept)
    groups = shelf[f"{by}s"] if shelf else []
    return next((each for each in groups if (each["key"] or "") == key), None)


def weeks_of_group(kept: KeptReview, by: str, key: str) -> list[dict[str, Any]]:
    """Return the weeks of a brand or account in their order."""
    weeks = kept.tables.table(SHELF)
    named = weeks.key == key if key else weeks.key.isnull()
    found = weeks.filter(weeks.by == by, named).order_by("week")
    return _rows(kept, found)


def cells_of(kept: KeptReview, column: str, key: str) -> list[dict[str, Any]]:
    """Return what a brand sold at each account, or each brand at an account; most first."""
    cells = kept.tables.table(SHELF_CELLS)
    named = cells[column] == key if key else cells[column].isnull()
    found = cells.filter(named).order_by(ibis.desc("net_sales"), "account_id", "product_family")
    return _rows(kept, found)


def _rows(kept: KeptReview, found: ir.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = kept.tables.run(found).to_pylist()
    return rows


def promotion_of(kept: KeptReview, promotion_id: str, reach: TradeReach) -> Row | None:
    """Return a promotion that opens; None where there is none, or it does not open."""
    if promoted_of(kept) is None:
        return None
    found = _promotion(kept, promotion_id)
    return found if found and reach.opens(found) else None


def _promotion(kept: KeptReview, promotion_id: str) -> Row | None:
    """Return a promotion, looked up once for all who ask: a thread has many readers."""

    def look_up() -> Sequence[Row]:
        rows = kept.tables.table(PROMOTED)
        return _rows(kept, rows.filter(rows.promotion_id == promotion_id).limit(1))

    name = f"trade:{kept.key}:promotion:{sha256(promotion_id.encode()).hexdigest()}"
    found = caches["pages"].get_or_set(name, look_up, _KEEP_SECONDS) or []
    return found[0] if found else None


def weeks_of_promotion(kept: KeptReview, promotion_id: str) -> list[dict[str, Any]]:
    """Return the weeks around a promotion in their order."""
    weeks = kept.tables.table(PROMOTED_WEEKS)
    found = weeks.filter(weeks.promotion_id == promotion_id).order_by("week")
    return _rows(kept, found)


@dataclass(frozen=True)
class Which:
    """Which promotions are meant, and in which order."""

    brand: str = ""
    account: str = ""
    result: str = ""
    order: str = "-starts_on"
    number: int = 1


@dataclass(frozen=True)
class Found:
    """Some promotions in order: how many there are, and how many of them open."""

    rows: list[dict[str, Any]]
    opened: int
    everywhere: int


def promotions_of(kept: KeptReview, which: Which, reach: TradeReach, limit: int = A_PAGE) -> Found:
    """Return a page of the promotions that are meant and open."""
    meant = meant_promotions(kept, which)
    opened = reach.among(meant)
    name = which.order.removeprefix("-")
    key = opened[name].desc(nulls_first=False) if which.order[0] == "-" else opened[name].asc()
    page = opened.order_by([key, opened.promotion_id]).limit(
        limit, offset=(which.number - 1) * limit
    )
    many = int(kept.tables.run(opened.count()).as_py())
    every = many if reach.is_everything else int(kept.tables.run(meant.count()).as_py())
    return Found(_rows(kept, page), many, every)


def meant_promotions(kept: KeptReview, which: Which) -> ir.Table:
    """Return the promotions that are meant, whoever asks. Adds `cost`."""
    rows = kept.tables.table(PROMOTED)
    rows = rows.mutate(cost=rows.spent - rows.price_given)
    tests = []
    if which.brand:
        tests.append(rows.product_family == which.brand)
    if which.account:
        tests.append(rows.account_id == which.account)
    if which.result:
        tests.append(_has_result(rows, which.result))
    return rows.filter(tests) if tests else rows


def _has_result(rows: ir.Table, result: str) -> ir.BooleanValue:
    lost, won = rows.earned_high < 0, rows.earned_low > 0
    told = {
        "lost": ~rows.is_small & lost,
        "earned": ~rows.is_small & won,
        "unsure": rows.earned.notnull() & (rows.is_small | ~(lost | won)),
        "untold": rows.earned.isnull(),
    }
    found: ir.BooleanValue = told[result]
    return found


def result_of(promotion: Row) -> str:
    """Return how a promotion went, one of RESULTS.

    >>> result_of({"earned": -9, "earned_low": -12, "earned_high": -6, "is_small": False})
    'lost'
    """
    if promotion["earned"] is None:
        return "untold"
    if promotion["is_small"]:
        return "unsure"
    if promotion["earned_high"] < 0:
        return "lost"
    return "earned" if promotion["earned_low"] > 0 else "unsure"
