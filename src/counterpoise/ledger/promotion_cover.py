"""Promotions laid over weeks: which account × product × week each of them covers.

A promotion covers the weeks that have a day of it, of its product (else of every product of its
family, else of all), at its account (else at every account that sells the product).
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from counterpoise.books.facts import View

CELL = ("account_id", "product_id", "week")


def covered_weeks(view: View, weeks: ir.Table) -> ir.Table:
    """Return the weeks that promotions cover, kept.

    Grain: promotion × account × product × week. Adds `share`: 1 over how many promotions cover the
    same week of the product at the account.

    Args:
        view: The books as of a day; promotions that start later are unseen.
        weeks: Weeks with `account_id`, `product_id` and `week`.
    """
    units = weeks.select("account_id", "product_id").distinct()
    offers = _met(_by_product(view), units)
    calendar = weeks.select("week").distinct()
    has_day = (calendar.week <= offers.ends_on) & (
        (calendar.week + ibis.interval(days=6)).cast("date") >= offers.starts_on
    )
    laid = offers.inner_join(calendar, has_day).select("promotion_id", *CELL).distinct()
    laid = view.books.keep(laid, "promotion_cover")
    many = laid.group_by(*CELL).aggregate(many=laid.count().cast("float64"))
    shared = laid.inner_join(many, CELL).select("promotion_id", *CELL, share=1.0 / many.many)
    return view.books.keep(shared, "promotion_cover")


def _by_product(view: View) -> ir.Table:
    """Return the promotions by each product that they are about."""
    offers = view.seen(view.books.table("promotions"), "starts_on")
    offers = offers.select(
        "promotion_id",
        "product_id",
        "starts_on",
        "ends_on",
        to_account=offers.account_id,
        to_family=offers.product_family,
    )
    goods = view.books.table("products").select("product_id", "family")
    columns = ("promotion_id", "to_account", "starts_on", "ends_on", "product_id")
    named = offers.filter(offers.product_id.notnull()).select(*columns)
    rest = offers.filter(offers.product_id.isnull()).drop("product_id")
    by_family = rest.inner_join(goods, rest.to_family == goods.family).select(*columns)
    general = rest.filter(rest.to_family.isnull()).cross_join(goods).select(*columns)
    return named.union(by_family).union(general)


def _met(offers: ir.Table, units: ir.Table) -> ir.Table:
    """Return the promotions by each account and product that sells under them."""
    columns = ("promotion_id", "account_id", "product_id", "starts_on", "ends_on")
    one = offers.filter(offers.to_account.notnull())
    own = one.inner_join(
        units, [one.to_account == units.account_id, one.product_id == units.product_id]
    ).select(*columns)
    to_all = offers.filter(offers.to_account.isnull())
    everywhere = to_all.inner_join(units, "product_id").select(*columns)
    return own.union(everywhere)
