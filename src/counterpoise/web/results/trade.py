"""What was sold through retailers, month by month, worked out with each review."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from pydantic import JsonValue

from counterpoise.ledger.trade import TradeGroup, TradeTotals, trade
from counterpoise.web.results.measured import Measured, Outcome

if TYPE_CHECKING:
    from counterpoise.web.results.reading import KeptReview

TRADE = "trade"
"""The figures of the trade."""
SHELF, SHELF_CELLS = "shelf", "shelf_cells"
"""Brands and accounts: the measure, which is its table of weeks (`by`, `key`, `week`) too, and the
table of brands at accounts."""
PROMOTED, PROMOTED_WEEKS = "promoted", "promoted_weeks"
"""Promotions: the measure, which is its table too, and the table of the weeks around them."""
_OF_DEALS = ("deals", "leads", "touches")


def measure_trade(measured: Measured) -> Outcome:
    """Sum the weeks of sell-through by month; nothing where the books hold none."""
    found = trade(measured.view)
    if found is None:
        return Outcome({})
    months: list[JsonValue] = [
        {"label": label, **_figures([each.totals for each in weeks])}
        for label, weeks in groupby(_dated(found.by["week"]), key=lambda each: f"{each.key:%Y-%m}")
    ]
    return Outcome(
        {
            "first": found.first.isoformat(),
            "last": found.last.isoformat(),
            "accounts": found.accounts,
            "products": found.products,
            "months": months,
        }
    )


def is_trade_alone(kept: KeptReview) -> bool:
    """Tell whether the books hold weeks of sell-through and nothing of deals, leads or touches."""
    tables = kept.object["books"]["tables"]
    rows = sum(tables.get(name, {}).get("rows", 0) for name in _OF_DEALS)
    return not rows and bool(kept.measure(SHELF))


def _dated(weeks: tuple[TradeGroup, ...]) -> Iterator[TradeGroup]:
    return (each for each in weeks if each.key is not None)


def _figures(weeks: list[TradeTotals]) -> dict[str, JsonValue]:
    """Return sums over weeks; trade spend is null where no week records one."""
    spent = [each.trade_spend for each in weeks if each.trade_spend is not None]
    return {
        "units": _sum(each.units for each in weeks),
        "units_on_deal": _sum(each.units_on_deal for each in weeks),
        "units_unknown": _sum(each.units_unknown for each in weeks),
        "base_sales": _sum(each.base_sales for each in weeks),
        "net_sales": _sum(each.priced_net for each in weeks),
        "depth": _sum(each.depth for each in weeks),
        "above_base": _sum(each.above_base for each in weeks),
        "trade_spend": _sum(spent) if spent else None,
    }


def _sum(amounts: Iterator[Decimal] | list[Decimal]) -> float:
    return float(sum(amounts, Decimal(0)))
