"""Promotions laid over weeks: which account × product × week each of them covers.

A promotion covers the weeks that have a day of it, of its product (else of every product of its
family, else of all), at its account (else at every account that sells the product).
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.books.facts import View

CELL = ("account_id", "product_id", "week")
_NAMED = ("promotion_id", *CELL)


def covered_weeks(view: View, weeks: ir.Table) -> ir.Table:
    """Return the weeks that promotions cover.

    Grain: promotion × account × product × week. Adds `share`: 1 over how many promotions cover the
    same week of the product at the account.

    Args:
        view: The books as of a day; promotions that start later are unseen.
        weeks: Weeks with `account_id`, `product_id` and `week`.
    """
    units = weeks.select("account_id", "product_id").distinct()
    offers = offers_seen(view)
    return covered(view.books, offers, units, weeks.select("week").distinct(), _NAMED)


def offers_seen(view: View) -> ir.Table:
    """Return the promotions that started by the as-of day."""
    return view.seen(view.books.table("promotions"), "starts_on")


def covered(
    books: Books, offers: ir.Table, units: ir.Table, calendar: ir.Table, columns: tuple[str, ...]
) -> ir.Table:
    """Return the cells that promotions cover, as `covered_weeks` does.

    Args:
        books: They keep what is in between.
        offers: The promotions.
        units: Accounts × products, by `account_id` and `product_id`.
        calendar: Every `week`.
        columns: Those of promotion, account and product in the result, and `week`.
    """
    key, *cell = columns
    laid = _met(_by_product(books, offers.mutate(key=offers[key]), calendar), units, cell)
    laid = books.keep(laid, "promotion_cover")
    many = laid.group_by(*cell).aggregate(many=laid.count())
    many = books.keep(many.filter(many.many > 1), "promotion_shares")
    joined = laid.left_join(many, cell)
    share = 1.0 / ibis.coalesce(joined.many, 1).cast("float64")
    return joined.select(*cell, **{key: joined.key}, share=share)


def _by_product(books: Books, offers: ir.Table, calendar: ir.Table) -> ir.Table:
    """Return the weeks of promotions, by `key`, by each product that they are about."""
    offers = offers.select(
        "key",
        "product_id",
        "starts_on",
        "ends_on",
        to_account=offers.account_id,
        to_family=offers.product_family,
    ).distinct()
    has_day = (calendar.week <= offers.ends_on) & (
        (calendar.week + ibis.interval(days=6)).cast("date") >= offers.starts_on
    )
    offers = offers.inner_join(calendar, has_day).drop("starts_on", "ends_on")
    goods = books.table("products").select("product_id", "family")
    columns = ("key", "to_account", "week", "product_id")
    named = offers.filter(offers.product_id.notnull()).select(*columns)
    rest = offers.filter(offers.product_id.isnull()).drop("product_id")
    by_family = rest.inner_join(goods, rest.to_family == goods.family).select(*columns)
    general = rest.filter(rest.to_family.isnull()).cross_join(goods).select(*columns)
    return named.union(by_family).union(general)


def _met(offers: ir.Table, units: ir.Table, cell: list[str]) -> ir.Table:
    """Return the weeks of promotions by each account and product that sells under them."""
    one = offers.filter(offers.to_account.notnull())
    own = one.inner_join(
        units, [one.to_account == units.account_id, one.product_id == units.product_id]
    ).select("key", *cell)
    to_all = offers.filter(offers.to_account.isnull())
    everywhere = to_all.inner_join(units, "product_id").select("key", *cell)
    return own.union(everywhere)
