"""Asked customizations: what is on record of each, with the facts of the day it was asked."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.quantities import Period
from counterpoise.books.facts import (
    View,
    accounts_over_time,
    deal_facts,
    in_workspace_currency,
    people_over_time,
)
from counterpoise.books.money import MONEY, narrow
from counterpoise.books.spans import BEGINNING, in_span
from counterpoise.desk.customization_rules import QuotaPeriod

_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}
_OF_THE_DAY = ("account__", "owner__")


def asked_customizations(view: View, periods: tuple[QuotaPeriod, ...]) -> ir.Table:
    """Return the customizations on record by the end of a day, each as it was asked.

    Args:
        view: The books, and the day up to which they are seen.
        periods: The periods that quotas count in.

    Returns:
        Grain: a customization. `customization_id`, `deal_id`, `asked_kind`, `requested_at`,
        `asker_id` (who asked, else who owns the deal), `day` (on which it was asked, else the
        deal's), `cost`, `known_cost` (what the kind had cost the deal by then, it included, as far
        as known), `is_costed` (whether that is all of it), a column a period with its place in it
        (NULL where undated), the facts of the deal, those of account and owner as of the day, and
        of who asked (`asker__*`). Undated ones count as asked before all others.
    """
    rows = view.seen(view.books.table("customizations"), "requested_at")
    rows = in_workspace_currency(view, rows, "cost")
    asked = _counted(rows, periods).rename(asked_kind="kind", asked_by="requested_by")
    asked = asked.drop(*(name for name in asked.columns if name.startswith("attr__")))
    asked = _with_deal(view, asked)
    asked = asked.mutate(
        asker_id=ibis.coalesce(asked.asked_by, asked.owner_id),
        day=ibis.coalesce(asked.requested_at.date(), asked.day),
    ).drop("asked_by")
    people, accounts = people_over_time(view.books), accounts_over_time(view.books)
    asked = _with_facts(asked, accounts, "account", asked.account_id)
    asked = _with_facts(asked, people, "owner", asked.owner_id)
    return _with_facts(asked, people, "asker", asked.asker_id)


def _counted(rows: ir.Table, periods: tuple[QuotaPeriod, ...]) -> ir.Table:
    """Add what the kind cost the deal so far, and each one's place among its kind in a period."""
    earliest = ibis.literal(BEGINNING).cast(rows.requested_at.type())
    rows = rows.mutate(asked_first=ibis.coalesce(rows.requested_at, earliest))
    so_far = ibis.window(
        group_by=["deal_id", "kind"], order_by=["asked_first", "customization_id"], following=0
    )
    known = ibis.coalesce(rows.cost, ibis.literal(0, MONEY))
    counted = rows.mutate(
        known_cost=narrow(known.sum().over(so_far)),
        is_costed=rows.cost.count().over(so_far) == rows.customization_id.count().over(so_far),
        **{each.column: _place_in(rows, each) for each in periods},
    )
    return counted.drop("asked_first")


def _place_in(rows: ir.Table, period: QuotaPeriod) -> ir.IntegerValue:
    """Return which of its kind each row is in its period, NULL where undated."""
    in_period = ibis.window(
        group_by=[rows.kind, _period_number(rows.requested_at.date(), period)],
        order_by=["asked_first", "customization_id"],
    )
    place = ibis.row_number().over(in_period) + 1
    return ibis.ifelse(rows.requested_at.notnull(), place, ibis.null("int64"))


def _period_number(day: ir.DateValue, period: QuotaPeriod) -> ir.Value:
    """Return what is the same for all days of a period, as `customization.period_of` cuts them."""
    if period.per is Period.DAY:
        return day
    if period.per is Period.WEEK:
        return day.truncate("W")
    ahead = (1 - period.fiscal_year_starts) % 12
    month = day.year() * 12 + day.month() - 1 + ahead
    return (month / _MONTHS[period.per]).floor().cast("int64")


def _with_deal(view: View, asked: ir.Table) -> ir.Table:
    """Add the facts of the deal, but for those that change with the day."""
    facts = deal_facts(view.books, view.as_of)
    kept = [name for name in facts.columns if not name.startswith(_OF_THE_DAY)]
    deals = facts.select(*kept).rename(facts_deal="deal_id")
    return asked.left_join(deals, asked.deal_id == deals.facts_deal).drop("facts_deal")


def _with_facts(
    asked: ir.Table, entity: ir.Table, prefix: str, identity: ir.StringValue
) -> ir.Table:
    """Join an entity's facts of the day, each column behind the prefix."""
    right = entity.rename(lambda name: name if name.startswith("valid_") else f"{prefix}__{name}")
    key = next(name for name in right.columns if name.startswith(f"{prefix}__"))
    joined = asked.left_join(right, [identity == right[key], *in_span(asked.day, right)])
    return joined.drop("valid_from", "valid_until")
