"""What goals ask of the trade: weeks of sell-through in a period, in the parts of each metric.

A week belongs to the period in which it starts. Trade spend is that of the weeks; where they
record none, that of promotions, on the day they start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType

import ibis
import ibis.expr.types as ir

from counterpoise.books.facts import View
from counterpoise.ledger.period import Period
from counterpoise.ledger.totals import ratio
from counterpoise.ledger.trade_weeks import trade_weeks

_PART = "float64"


def trade_rows(period: Period) -> ir.Table:
    """Return what was sold and spent in a period.

    Grain: account × product × week, and each promotion that brings its spend by itself. Columns:
    account_id, product_id, day, units, net_sales, base_sales, depth_amount, on_deal, trade_spend.
    """
    rows = _spent(period.view, trade_weeks(period.view))
    return rows.filter(rows.day.between(ibis.literal(period.first), ibis.literal(period.last)))


def _spent(view: View, weeks: ir.Table) -> ir.Table:
    rows = weeks.select(*_COLUMNS, day="week")
    if not view.books.has("promotions") or view.books.run(rows.trade_spend.count()).as_py():
        return rows
    offers = view.seen(view.books.table("promotions"), "starts_on")
    known: dict[str, ir.Value] = {
        "account_id": offers.account_id,
        "product_id": offers.product_id,
        "day": offers.starts_on,
        "trade_spend": offers.trade_spend,
    }
    kinds = rows.schema()
    blank = {name: known.get(name, ibis.null()).cast(kinds[name]) for name in rows.columns}
    return rows.union(offers.filter(offers.trade_spend.notnull()).select(**blank))


_COLUMNS = (
    "account_id",
    "product_id",
    "units",
    "net_sales",
    "base_sales",
    "depth_amount",
    "on_deal",
    "trade_spend",
)

Parts = Callable[[ir.Table], tuple[ir.Value, ir.Value]]

OF_TRADE: Mapping[str, Parts] = MappingProxyType(
    {
        "base_price_realization": lambda rows: (
            ibis.ifelse(rows.base_sales.notnull(), rows.net_sales, ibis.null("decimal(38, 10)")),
            rows.base_sales,
        ),
        "share_on_deal": lambda rows: (
            ibis.ifelse(rows.on_deal, rows.units, rows.units * 0),
            ibis.ifelse(rows.on_deal.notnull(), rows.units, rows.units * 0),
        ),
        "trade_spend_share": lambda rows: (rows.trade_spend, rows.net_sales),
        "trade_spend": lambda rows: (rows.trade_spend, rows.trade_spend),
        "net_sales": lambda rows: (rows.net_sales, rows.net_sales),
    }
)
"""What a row adds to the two parts of a metric; what adds up has its amount as both."""


def trade_share(metric: str) -> Callable[[Period], Decimal | None]:
    """Return the measure of a share of the trade."""

    def share(period: Period) -> Decimal | None:
        part, whole = _sums(metric, period)
        return None if part is None or whole is None else ratio(part, whole)

    return share


def trade_sum(metric: str) -> Callable[[Period], Decimal | None]:
    """Return the measure of what adds up over weeks; None where nothing is on record."""
    return lambda period: _sums(metric, period)[0]


def _sums(metric: str, period: Period) -> tuple[Decimal | None, Decimal | None]:
    if not period.view.books.has("sell_through"):
        return None, None
    rows = trade_rows(period)
    y, x = OF_TRADE[metric](rows)
    (found,) = period.view.books.run(rows.aggregate(y=y.sum(), x=x.sum())).to_pylist()
    return found["y"], found["x"]
