"""The calendar as expressions: how full it is at each promotion on record, with those before it.

The counterpart of `promotion_calendar`. Promotions are laid out on the same cells; on each, in the
order of their days, every one adds the days that none before it covered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import reduce

import ibis
import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.books.money import narrow
from counterpoise.books.schema import Kind
from counterpoise.desk.customization import period_of
from counterpoise.desk.customization_rules import QuotaPeriod
from counterpoise.desk.promotion_calendar import ELSEWHERE, family_key
from counterpoise.desk.rules import small_table

_ORDER = ("starts_on", "ends_on", "promotion_id")
_CELL = ("cell_account", "cell_goods")


def days_column(period: QuotaPeriod) -> str:
    """Return the name of the column with the days on deal in a period."""
    return f"days_{period.per.value}_{period.fiscal_year_starts}"


def own_days_column(period: QuotaPeriod) -> str:
    """Return the name of the column with the promotion's own days in the period it starts in."""
    return f"own_days_{period.per.value}_{period.fiscal_year_starts}"


def spent_column(period: QuotaPeriod) -> str:
    """Return the name of the column with what promotions of a period cost so far."""
    return f"spent_{period.per.value}_{period.fiscal_year_starts}"


def with_calendar(books: Books, promotions: ir.Table, periods: tuple[QuotaPeriod, ...]) -> ir.Table:
    """Add how full the calendar is at each promotion.

    Args:
        books: Where what is asked on the way is run.
        promotions: Grain: a promotion. promotion_id, account_id, product_id, product_family,
            starts_on, ends_on (not before it), trade_spend, and other columns.
        periods: The periods that weeks on deal and budgets count in.

    Returns:
        The rows with `gap_days` (since the one before on the same goods, below 0 where they
        overlap, NULL for a first), `gap_after_days` (until the next one, NULL for a last) and, a
        period, `days_column` (on deal in the period in which it starts), `own_days_column` (those
        of them that are its own) and `spent_column` (trade spend of all so far that start in the
        same period).
    """
    cells = books.keep(_on_cells(promotions), "promotion_cells")
    parts = [_gaps(cells)]
    span = books.run(cells.aggregate(first=cells.starts_on.min(), last=cells.ends_on.max()))
    first, last = (span.column(name)[0].as_py() for name in ("first", "last"))
    for period in periods if first else ():
        table = _periods(period, first, last)
        parts += [_days(cells, table, period), _spent(promotions, table, period)]
    counted = reduce(_beside, parts, promotions)
    missing = {
        name: ibis.null(kind)
        for period in periods
        for name, kind in (
            (days_column(period), "int64"),
            (own_days_column(period), "int64"),
            (spent_column(period), Kind.MONEY.dtype),
        )
        if name not in counted.columns
    }
    return counted.mutate(**missing) if missing else counted


def _beside(left: ir.Table, right: ir.Table) -> ir.Table:
    right = right.rename(of_promotion="promotion_id")
    joined = left.left_join(right, left.promotion_id == right.of_promotion)
    return joined.drop("of_promotion")


def _on_cells(promotions: ir.Table) -> ir.Table:
    """Lay every promotion out on accounts and products, all those that any promotion names."""
    named = promotions.select(
        "promotion_id", "starts_on", "ends_on", "account_id", "product_id", "product_family"
    )
    accounts = named.filter(named.account_id.notnull()).select(cell_account="account_id").distinct()
    elsewhere = small_table([{"cell_account": ELSEWHERE}], {"cell_account": Kind.TEXT.dtype})
    here = named.account_id.notnull()
    at_one = named.filter(here).mutate(cell_account=named.account_id)
    everywhere = named.filter(~here).cross_join(accounts.union(elsewhere))
    placed = at_one.union(everywhere.select(*at_one.columns))
    goods = _goods(named)
    of_one = placed.filter(placed.product_id.notnull()).mutate(cell_goods=placed.product_id)
    wide = placed.filter(placed.product_id.isnull())
    families = wide.filter(wide.product_family.notnull())
    of_family = families.inner_join(goods, families.product_family == goods.goods_family)
    of_all = wide.filter(wide.product_family.isnull()).cross_join(goods)
    kept = ("promotion_id", "starts_on", "ends_on", *_CELL)
    parts = (of_one.select(*kept), of_family.select(*kept), of_all.select(*kept))
    return reduce(lambda one, other: one.union(other), parts)


def _goods(named: ir.Table) -> ir.Table:
    """Return the products that promotions name, and a rest of each family and of everything."""
    single = named.filter(named.product_id.notnull()).group_by(cell_goods=named.product_id)
    products = single.aggregate(goods_family=named.product_family.max())
    families = named.filter(named.product_family.notnull()).select("product_family").distinct()
    rests = families.select(
        cell_goods=ibis.literal(family_key(None)).concat(families.product_family),
        goods_family=families.product_family,
    )
    schema = {"cell_goods": Kind.TEXT.dtype, "goods_family": Kind.TEXT.dtype}
    rest = small_table([{"cell_goods": family_key(None), "goods_family": None}], schema)
    return products.union(rests).union(rest)


def _gaps(cells: ir.Table) -> ir.Table:
    """Return the smallest gaps of each promotion to one before and after it, on any cell."""
    spans = cells.select(*_CELL, "starts_on", "ends_on").distinct()
    before = ibis.window(
        group_by=list(_CELL), order_by=["starts_on", "ends_on"], preceding=(None, 1)
    )
    spans = spans.mutate(reached=spans.ends_on.max().over(before))
    in_order = ibis.window(group_by=list(_CELL), order_by=["starts_on", "ends_on"])
    spans = spans.mutate(
        gap=spans.starts_on.delta(spans.reached, unit="day") - 1,
        follows=spans.starts_on.lead().over(in_order),
    )
    spans = spans.mutate(gap_after=spans.follows.delta(spans.ends_on, unit="day") - 1)
    spans = spans.rename(
        of_account="cell_account", of_goods="cell_goods", of_start="starts_on", of_end="ends_on"
    )
    joined = cells.inner_join(
        spans,
        [
            cells.cell_account == spans.of_account,
            cells.cell_goods == spans.of_goods,
            cells.starts_on == spans.of_start,
            cells.ends_on == spans.of_end,
        ],
    )
    return joined.group_by("promotion_id").aggregate(
        gap_days=joined.gap.min().cast("int64"),
        gap_after_days=joined.gap_after.min().cast("int64"),
    )


def _periods(period: QuotaPeriod, first: dt.date, last: dt.date) -> ir.Table:
    rows = [
        {"period_first": begins, "period_last": ends}
        for begins, ends in _all_periods(period, first, last)
    ]
    return small_table(rows, dict.fromkeys(("period_first", "period_last"), Kind.DAY.dtype))


def _all_periods(
    period: QuotaPeriod, first: dt.date, last: dt.date
) -> Iterator[tuple[dt.date, dt.date]]:
    day = first
    while day <= last:
        begins, ends = period_of(day, period.per, period.fiscal_year_starts)
        yield begins, ends
        day = ends + dt.timedelta(days=1)


def _days(cells: ir.Table, periods: ir.Table, period: QuotaPeriod) -> ir.Table:
    """Return the days on deal in the period of each promotion, in its fullest cell."""
    parts = cells.inner_join(
        periods,
        [cells.starts_on <= periods.period_last, cells.ends_on >= periods.period_first],
    )
    parts = parts.mutate(
        begins=ibis.greatest(parts.starts_on, parts.period_first),
        ends=ibis.least(parts.ends_on, parts.period_last),
    )
    cell = [*_CELL, "period_first"]
    before = ibis.window(group_by=cell, order_by=list(_ORDER), preceding=(None, 1))
    parts = parts.mutate(reached=parts.ends.max().over(before))
    since = ibis.ifelse(
        ibis.coalesce(parts.reached >= parts.begins, ibis.literal(False)),
        parts.ends.delta(parts.reached, unit="day"),
        parts.ends.delta(parts.begins, unit="day") + 1,
    )
    parts = parts.mutate(new_days=ibis.greatest(since.cast("int64"), 0))
    so_far = ibis.window(group_by=cell, order_by=list(_ORDER), following=0)
    parts = parts.mutate(on_deal=parts.new_days.sum().over(so_far))
    own = parts.filter(parts.starts_on >= parts.period_first)
    days = own.ends.delta(own.begins, unit="day") + 1
    return own.group_by("promotion_id").aggregate(
        **{
            days_column(period): own.on_deal.max().cast("int64"),
            own_days_column(period): days.max().cast("int64"),
        }
    )


def _spent(promotions: ir.Table, periods: ir.Table, period: QuotaPeriod) -> ir.Table:
    """Return what all promotions that started in the same period have cost so far."""
    joined = promotions.select(*_ORDER, "trade_spend").inner_join(
        periods,
        [
            promotions.starts_on >= periods.period_first,
            promotions.starts_on <= periods.period_last,
        ],
    )
    so_far = ibis.window(group_by="period_first", order_by=list(_ORDER), following=0)
    return joined.select(
        "promotion_id", **{spent_column(period): narrow(joined.trade_spend.sum().over(so_far))}
    )
