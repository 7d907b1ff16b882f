"""The trade: from base price over promotion depth to net and pocket, week by week of sell-through.

Sums of decimals that reconcile with the weeks on every grouping. A week whose base price nobody
recorded stands apart, as an unpriced deal does; a share of volume on deal has bounds where the
sign of a promotion is missing. All of it is observed, nothing is claimed as caused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import ibis
import ibis.expr.types as ir

from counterpoise.books.facts import View
from counterpoise.ledger.trade_weeks import Recorded, recorded, trade_weeks, weeks_in_money

ZERO = Decimal(0)
GROUPINGS: Mapping[str, str] = {
    "account": "account_id",
    "product_family": "product_family",
    "product": "product_id",
    "week": "week",
}
"""The groupings of the trade and the column of each."""


class TradeStepName(StrEnum):
    """The steps from base value to what is left after trade spend."""

    BASE = "base"
    DEPTH = "depth"
    ABOVE_BASE = "above_base"
    NET = "net"
    TRADE_SPEND = "trade_spend"
    POCKET = "pocket"


@dataclass(frozen=True)
class TradeStep:
    """One step of the waterfall, signed."""

    step: TradeStepName
    amount: Decimal


@dataclass(frozen=True)
class TradeTotals:
    """Sums over weeks of sell-through.

    Attributes:
        weeks: Rows: account × product × week.
        units: Sold, in all of them.
        net_sales: Of the weeks whose price is known.
        base_sales: Value at base price, of weeks with base and net price.
        depth: What prices lay below base over those weeks.
        above_base: What they lay above it.
        unpriced_weeks: Weeks that lack base or net price.
        unpriced_net: Their net sales, as far as known.
        units_on_deal: Sold in weeks that were surely on deal.
        units_unknown: Sold in weeks of which nobody knows.
        trade_spend: Paid to the trade; None where none is recorded.
    """

    weeks: int = 0
    units: Decimal = ZERO
    net_sales: Decimal = ZERO
    base_sales: Decimal = ZERO
    depth: Decimal = ZERO
    above_base: Decimal = ZERO
    unpriced_weeks: int = 0
    unpriced_net: Decimal = ZERO
    units_on_deal: Decimal = ZERO
    units_unknown: Decimal = ZERO
    trade_spend: Decimal | None = None

    @property
    def priced_net(self) -> Decimal:
        """Return net sales of the weeks whose base price is known too."""
        return self.net_sales - self.unpriced_net

    @property
    def price_realization(self) -> Decimal | None:
        """Return net over base; None without a base price."""
        return self.priced_net / self.base_sales if self.base_sales else None

    @property
    def share_on_deal(self) -> tuple[Decimal, Decimal] | None:
        """Return the least and the greatest share of volume sold on deal; None where none sold."""
        if self.units <= 0 or self.units_unknown == self.units:
            return None
        most = self.units_on_deal + self.units_unknown
        return self.units_on_deal / self.units, most / self.units

    @property
    def waterfall(self) -> tuple[TradeStep, ...]:
        """Return the steps from base to pocket over weeks with both prices; they add up.

        Trade spend is that of all weeks. Where none is recorded the steps end at net.
        """
        spend = self.trade_spend
        steps = {
            TradeStepName.BASE: self.base_sales,
            TradeStepName.DEPTH: -self.depth,
            TradeStepName.ABOVE_BASE: self.above_base,
            TradeStepName.NET: self.priced_net,
        }
        if spend is not None:
            steps[TradeStepName.TRADE_SPEND] = -spend
            steps[TradeStepName.POCKET] = self.priced_net - spend
        return tuple(TradeStep(name, amount) for name, amount in steps.items())


@dataclass(frozen=True)
class TradeGroup:
    """A group of a grouping of the trade; a key of None is the group of what has none."""

    key: str | dt.date | None
    totals: TradeTotals


@dataclass(frozen=True)
class Trade:
    """What the weeks of sell-through add up to.

    Attributes:
        totals: Over all of them.
        accounts: How many accounts sold.
        products: How many products.
        first: The first week.
        last: The last week.
        signs: Which signs of a promotion are on record.
        by: The groups of each grouping, most net sales first; weeks in their order.
    """

    totals: TradeTotals
    accounts: int
    products: int
    first: dt.date
    last: dt.date
    signs: Recorded
    by: Mapping[str, tuple[TradeGroup, ...]]


def trade(view: View) -> Trade | None:
    """Add up the weeks of sell-through by the as-of day; None where there are none.

    Trade spend is that of the weeks; where they record none, that of the promotions that started
    by the as-of day, in the group of their account, product and family, at the week they start in.
    """
    if not view.books.has("sell_through"):
        return None
    signs = recorded(view.books)
    weeks = weeks_in_money(view, signs).mutate(product_family=ibis.null("string"))
    rows = _with_spend(view, weeks)
    by_unit = _cells(rows, "account_id", "product_id", "product_family")
    by_unit = view.books.keep(_with_families(view, by_unit), "trade")
    whole = view.books.run(_extent(by_unit)).to_pylist()[0]
    if not whole["weeks"]:
        return None
    by_week = view.books.keep(_cells(rows, "week"), "trade_week")
    return Trade(
        totals=_read(whole),
        accounts=whole["accounts"],
        products=whole["products"],
        first=whole["first"],
        last=whole["last"],
        signs=signs,
        by={
            name: _groups(view, by_week if column == "week" else by_unit, column)
            for name, column in GROUPINGS.items()
        },
    )


def trade_spend(view: View, column: str | None = None) -> Mapping[str | dt.date | None, Decimal]:
    """Return what was spent on the trade, as `trade` tells it, by a column of a grouping."""
    if not view.books.has("sell_through"):
        return {}
    weeks = _with_spend(view, trade_weeks(view, recorded(view.books)))
    rows = weeks.filter(weeks.trade_spend.notnull())
    keys = {"key": rows[column]} if column else {"key": ibis.null("string")}
    sums = rows.group_by(**keys).aggregate(spent=rows.trade_spend.sum())
    return {each["key"]: each["spent"] for each in view.books.run(sums).to_pylist()}


def _cells(rows: ir.Table, *columns: str) -> ir.Table:
    """Add up the weeks by a few columns, from which every grouping of these follows."""
    is_week = rows.units.notnull()
    days = {"first": rows.week.min(where=is_week), "last": rows.week.max(where=is_week)}
    return rows.group_by(*columns).aggregate(**_sums(rows), **days)


def _with_families(view: View, cells: ir.Table) -> ir.Table:
    """Name the family of each product, where the cells do not."""
    goods = view.books.table("products").select(sold_product="product_id", family="family")
    laid = cells.left_join(goods, cells.product_id == goods.sold_product)
    family = ibis.coalesce(laid.product_family, laid.family)
    return laid.mutate(product_family=family).drop("sold_product", "family")


def _extent(cells: ir.Table) -> ir.Table:
    return cells.aggregate(
        **_added(cells),
        accounts=cells.account_id.nunique(where=cells.weeks > 0),
        products=cells.product_id.nunique(where=cells.weeks > 0),
        first=cells["first"].min(),
        last=cells["last"].max(),
    )


def _added(cells: ir.Table) -> dict[str, ir.Value]:
    names = TradeTotals.__dataclass_fields__
    return {name: cells[name].sum() for name in names if name in cells.columns}


def _groups(view: View, cells: ir.Table, column: str) -> tuple[TradeGroup, ...]:
    found = view.books.run(cells.group_by(key=cells[column]).aggregate(**_added(cells)))
    groups = [TradeGroup(each["key"], _read(each)) for each in found.to_pylist()]
    if column == "week":
        return tuple(sorted(groups, key=lambda group: (group.key is None, str(group.key))))
    return tuple(sorted(groups, key=lambda group: (-group.totals.net_sales, str(group.key or ""))))


def _sums(rows: ir.Table) -> dict[str, ir.Value]:
    is_week = rows.units.notnull()
    is_priced = rows.base_sales.notnull()
    return {
        "weeks": is_week.sum(),
        "units": rows.units.sum(),
        "net_sales": rows.net_sales.sum(),
        "base_sales": rows.base_sales.sum(),
        "depth": rows.depth_amount.sum(),
        "unpriced_weeks": (is_week & ~is_priced).sum(),
        "unpriced_net": rows.net_sales.sum(where=~is_priced),
        "units_on_deal": rows.units.sum(where=rows.on_deal),
        "units_unknown": rows.units.sum(where=rows.on_deal.isnull()),
        "trade_spend": rows.trade_spend.sum(),
    }


def _read(row: Mapping[str, Any]) -> TradeTotals:
    base, depth = row["base_sales"] or ZERO, row["depth"] or ZERO
    priced_net = (row["net_sales"] or ZERO) - (row["unpriced_net"] or ZERO)
    return TradeTotals(
        weeks=int(row["weeks"] or 0),
        units=row["units"] or ZERO,
        net_sales=row["net_sales"] or ZERO,
        base_sales=base,
        depth=depth,
        above_base=depth - (base - priced_net),
        unpriced_weeks=int(row["unpriced_weeks"] or 0),
        unpriced_net=row["unpriced_net"] or ZERO,
        units_on_deal=row["units_on_deal"] or ZERO,
        units_unknown=row["units_unknown"] or ZERO,
        trade_spend=row["trade_spend"],
    )


def _with_spend(view: View, weeks: ir.Table) -> ir.Table:
    """Lay what promotions cost beside the weeks, where the weeks do not tell."""
    books, names = view.books, _columns(weeks)
    weeks = weeks.select(*names)
    if not books.has("promotions"):
        return weeks
    every = books.table("sell_through").trade_spend.count()  # an engine may know it by heart
    if books.run(every).as_py() and books.run(weeks.trade_spend.count()).as_py():
        return weeks
    offers = view.seen(books.table("promotions"), "starts_on")
    goods = books.table("products")
    goods = goods.select(offered_product=goods.product_id, family=goods.family)
    offers = offers.left_join(goods, offers.product_id == goods.offered_product)
    kinds = weeks.schema()
    known: dict[str, ir.Value] = {
        "account_id": offers.account_id,
        "product_id": offers.product_id,
        "product_family": ibis.coalesce(offers.product_family, offers.family),
        "week": _monday(offers.starts_on),
        "trade_spend": offers.trade_spend,
    }
    blank = {name: known.get(name, ibis.null()).cast(kinds[name]) for name in names}
    spent = offers.filter(offers.trade_spend.notnull()).select(**blank)
    return weeks.union(spent)


def _monday(day: ir.DateValue) -> ir.DateValue:
    """Return the Monday of a day's week; some engines truncate a day to an instant."""
    return day.truncate("W").cast("timestamp").cast("date")


def _columns(weeks: ir.Table) -> tuple[str, ...]:
    own = ("units", "net_sales", "base_sales", "depth_amount", "on_deal")
    return tuple(name for name in (*GROUPINGS.values(), *own, "trade_spend") if name in weeks)
