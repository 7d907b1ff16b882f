"""The tables of the trade as files of the whole of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from counterpoise.web.ledger.sheets import Cell, Sheet, SheetColumn
from counterpoise.web.results.reading import KeptReview
from counterpoise.web.trade.facts import realization
from counterpoise.web.trade.naming import account_name, brand_name
from counterpoise.web.trade.reach import TradeReach
from counterpoise.web.trade.reading import (
    Which,
    group_of,
    meant_promotions,
    promoted_of,
    promotion_of,
    shelf_of,
    weeks_of_group,
    weeks_of_promotion,
)

_GROUP = (
    SheetColumn("key", "Key", Cell.TEXT),
    SheetColumn("name", "Name", Cell.TEXT),
    SheetColumn("units", "Units", Cell.SHARE),
    SheetColumn("units_on_deal", "Units on deal", Cell.SHARE),
    SheetColumn("units_unknown", "Units unknown", Cell.SHARE),
    SheetColumn("base_sales", "At base price", Cell.MONEY),
    SheetColumn("depth", "Price cuts", Cell.MONEY),
    SheetColumn("above_base", "Above base", Cell.MONEY),
    SheetColumn("net_sales", "Net", Cell.MONEY),
    SheetColumn("price_realization", "Price realization", Cell.SHARE),
    SheetColumn("trade_spend", "Trade spend", Cell.MONEY),
    *(
        SheetColumn(f"{name}_{end}", f"{name} {end}", Cell.SHARE)
        for name in ("base_volume", "incremental_volume", "earned", "elasticity")
        for end in ("value", "low", "high")
    ),
)
_WEEKS = (
    SheetColumn("week", "Week", Cell.DAY),
    SheetColumn("units", "Units", Cell.SHARE),
    SheetColumn("base_units", "Baseline", Cell.SHARE),
    SheetColumn("units_on_deal", "Units on deal", Cell.SHARE),
    SheetColumn("base_sales", "At base price", Cell.MONEY),
    SheetColumn("depth", "Price cuts", Cell.MONEY),
    SheetColumn("net_sales", "Net", Cell.MONEY),
    SheetColumn("trade_spend", "Trade spend", Cell.MONEY),
)
_AROUND = (
    SheetColumn("week", "Week", Cell.DAY),
    SheetColumn("part", "Part", Cell.TEXT),
    SheetColumn("units", "Units", Cell.SHARE),
    SheetColumn("base_units", "Baseline", Cell.SHARE),
    SheetColumn("base_error", "Standard error of its logarithm", Cell.SHARE),
    SheetColumn("base_sales", "At base price", Cell.MONEY),
    SheetColumn("depth_amount", "Price cuts", Cell.MONEY),
    SheetColumn("net_sales", "Net", Cell.MONEY),
    SheetColumn("on_deal", "On deal", Cell.COUNT),
    SheetColumn("featured", "Featured", Cell.COUNT),
    SheetColumn("displayed", "Displayed", Cell.COUNT),
    SheetColumn("cells", "Accounts × products", Cell.COUNT),
)
UNSENT = ("requested_by", "approved_by")
"""Columns that tell of single people; files carry none."""


def trade_sheet(
    kept: KeptReview, name: str, asked: Mapping[str, str], reach: TradeReach
) -> Sheet | None:
    """Return a table, or nothing where there is none of that name or it does not open."""
    if name in ("brands", "accounts"):
        shelf = shelf_of(kept)
        return _groups(name, shelf[name]) if shelf else None
    if name in ("brand_weeks", "account_weeks"):
        by, key = name.removesuffix("_weeks"), asked.get("key", "")
        if group_of(kept, by, key) is None:
            return None
        return Sheet(name, "Weeks", _WEEKS, weeks_of_group(kept, by, key))
    if name == "promotion_weeks":
        promotion_id = asked.get("promotion", "")
        if promotion_of(kept, promotion_id, reach) is None:
            return None
        return Sheet(name, "Weeks", _AROUND, weeks_of_promotion(kept, promotion_id))
    return None


def promotions_table(kept: KeptReview, which: Which, reach: TradeReach) -> pa.Table | None:
    """Return the promotions that are meant and open, without who asked; None where none are."""
    if promoted_of(kept) is None:
        return None
    found = reach.among(meant_promotions(kept, which))
    columns = [name for name in found.columns if name not in UNSENT]
    rows = found.select(*columns).order_by("starts_on", "promotion_id")
    return kept.tables.run(rows)


def _groups(name: str, groups: list[dict[str, Any]]) -> Sheet:
    named = brand_name if name == "brands" else account_name
    rows = [
        {
            **each,
            "name": named(each["key"]),
            "price_realization": realization(each),
            **_ends("base_volume", each["volume"].get("base")),
            **_ends("incremental_volume", each["volume"].get("net")),
            **_ends("earned", each["earned"].get("estimate")),
            **_ends("elasticity", (each.get("elasticity") or {}).get("estimate")),
        }
        for each in groups
    ]
    return Sheet(name, name.capitalize(), _GROUP, rows)


def _ends(name: str, estimate: Mapping[str, Any] | None) -> dict[str, float | None]:
    found = estimate or {}
    return {f"{name}_{end}": found.get(end) for end in ("value", "low", "high")}
