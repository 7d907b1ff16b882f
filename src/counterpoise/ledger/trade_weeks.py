"""Weeks of sell-through as measures read them: amounts, family, and whether they were on deal."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from counterpoise.books.facts import View
from counterpoise.books.money import MONEY, above_zero, product
from counterpoise.books.on_deal import (
    Recorded,
    is_cut,
    recorded,
    weeks_on_deal,
)

__all__ = [
    "Recorded",
    "is_cut",
    "recorded",
    "trade_weeks",
    "weeks_in_money",
    "weeks_on_deal",
]


def trade_weeks(view: View, signs: Recorded | None = None) -> ir.Table:
    """Return the weeks of sell-through that began by the as-of day.

    Grain: account × product × week. Adds what `weeks_in_money` does, and `product_family` and
    `unit_cost` of the product.
    """
    weeks = weeks_in_money(view, signs or recorded(view.books))
    goods = view.books.table("products")
    goods = goods.select(
        sold_product=goods.product_id, product_family=goods.family, unit_cost=goods.unit_cost
    )
    return weeks.left_join(goods, weeks.product_id == goods.sold_product).drop("sold_product")


def weeks_in_money(view: View, signs: Recorded) -> ir.Table:
    """Return the weeks of sell-through that began by the as-of day, with their value.

    Grain: account × product × week. Adds `net_sales`; of weeks whose base price is known
    `base_sales`, `depth_amount` (what the price lay below base, over its units) and `above_base`;
    `on_deal`, NULL where nobody knows.
    """
    weeks = weeks_on_deal(view, signs)
    weeks = weeks.mutate(
        net_sales=product(weeks.units, weeks.net_price),
        base_sales=product(weeks.units, weeks.base_price),
    )
    base = ibis.ifelse(weeks.net_sales.isnull(), ibis.null(MONEY), weeks.base_sales)
    weeks = weeks.mutate(base_sales=base)
    gap = weeks.base_sales - weeks.net_sales
    return weeks.mutate(depth_amount=above_zero(gap), above_base=above_zero(-gap))
