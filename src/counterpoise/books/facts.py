"""Facts: what is known of each deal and each line on its day, in workspace currency.

Every measure and every judgement starts from these tables. Deals are seen as of a day: what came
later is unseen, a deal closed later is open.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import ibis
import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.books.lines import line_facts, numbered_products, with_lines
from counterpoise.books.money import MONEY, above_zero
from counterpoise.books.schema import TABLES
from counterpoise.books.spans import BEGINNING, END, in_span, overlay
from counterpoise.books.view import (
    View,
    converted,
    deals_as_of,
    in_workspace_currency,
    prefixed,
    with_exchange,
)

__all__ = [
    "View",
    "accounts_over_time",
    "deal_facts",
    "deals_as_of",
    "in_workspace_currency",
    "latest_day",
    "line_facts",
    "people_over_time",
]

_AMOUNTS = ("list_amount", "net_amount", "cost_amount")


def deal_facts(books: Books, as_of: dt.date) -> ir.Table:
    """Return what is known of each deal on its day.

    Grain: a deal known at the end of `as_of`. Columns: those of `deals` as of then, amounts in
    workspace currency from lines where there are lines, else the deal's own, else its last
    offer's; `day`; `priced`; `concession` and `above_list` (NULL unless priced); `has_lines`;
    facts of the account (`account__*`) and owner (`owner__*`) as of the day; of the largest line's
    product (`product__*`, `product_family`); `customization_cost` and `adjustment_amount`; and
    attributes. What nobody knows is NULL.
    """
    return books.once(("deal_facts", as_of), lambda: _deal_facts(View(books, as_of)))


def _deal_facts(view: View) -> ir.Table:
    books = view.books
    deals = with_exchange(view, deals_as_of(view))
    deals = _with_amounts(view, deals)
    deals = _with_entity(books, deals, _OWNER)
    deals = _with_entity(books, deals, _ACCOUNT)
    goods = numbered_products(books)
    deals = deals.left_join(goods, deals.largest_product == goods.product_number)
    deals = deals.mutate(product_family=deals.product__family)
    return _with_sums(view, deals).drop("largest_product", "product_number", "exchange", "owned_on")


def _with_amounts(view: View, deals: ir.Table) -> ir.Table:
    """Replace the deal's amounts by those of its lines, and fill what lacks from its last offer."""
    written = {name: converted(view, deals[name], deals.exchange) for name in _AMOUNTS}
    deals = deals.mutate(**written)
    deals = with_lines(view, deals)
    if view.books.has("offers"):
        deals = _with_last_offer(view, deals)
    gap = deals.list_amount - deals.net_amount
    priced = gap.notnull()
    by_line = deals.has_lines & deals.line_concession.notnull()
    return deals.mutate(
        priced=priced,
        concession=ibis.ifelse(by_line, deals.line_concession, above_zero(gap)),
        above_list=ibis.ifelse(by_line, deals.line_above, above_zero(-gap)),
    ).drop("line_concession", "line_above")


def _with_last_offer(view: View, deals: ir.Table) -> ir.Table:
    offers = view.seen(view.books.table("offers"), "offered_at")
    last = offers.group_by("deal_id").aggregate(
        offer_list=offers.list_amount.argmax(offers.offered_at),
        offer_net=offers.net_amount.argmax(offers.offered_at),
    )
    last = last.rename(offered_deal="deal_id")
    joined = deals.left_join(last, deals.deal_id == last.offered_deal)
    filled = {
        f"{name}_amount": ibis.coalesce(
            joined[f"{name}_amount"], converted(view, joined[f"offer_{name}"], joined.exchange)
        )
        for name in ("list", "net")
    }
    return joined.mutate(**filled).drop("offered_deal", "offer_list", "offer_net")


def _with_sums(view: View, deals: ir.Table) -> ir.Table:
    """Add what customizations cost and what adjustments took, 0 where there are none."""
    for table, amount, seen_at, name in (
        ("customizations", "cost", "requested_at", "customization_cost"),
        ("adjustments", "amount", "booked_at", "adjustment_amount"),
    ):
        if not view.books.has(table):
            deals = deals.mutate(**{name: ibis.literal(Decimal(0), MONEY)})
            continue
        rows = view.seen(view.books.table(table), seen_at)
        rows = rows.inner_join(deals.select("deal_id", "exchange"), "deal_id")
        parts = rows.select("deal_id", part=converted(view, rows[amount], rows.exchange))
        sums = parts.group_by("deal_id").aggregate(total=parts.part.sum().cast(MONEY))
        sums = sums.rename(summed_deal="deal_id")
        joined = deals.left_join(sums, deals.deal_id == sums.summed_deal)
        deals = joined.mutate(**{name: ibis.coalesce(joined.total, Decimal(0)).cast(MONEY)})
        deals = deals.drop("summed_deal", "total")
    return deals


@dataclass(frozen=True)
class _Entity:
    """Whom a deal names: table and history, their key, the deal's column, and a prefix."""

    table: str
    history: str
    key: str
    named_by: str
    prefix: str


_OWNER = _Entity("people", "person_roles", "person_id", "owner_id", "owner")
_ACCOUNT = _Entity("accounts", "account_history", "account_id", "account_id", "account")


def people_over_time(books: Books) -> ir.Table:
    """Return each person's facts with the span of days in which they hold."""
    return _over_time(books, _OWNER)


def accounts_over_time(books: Books) -> ir.Table:
    """Return each account's facts with the span of days in which they hold."""
    return _over_time(books, _ACCOUNT)


def _over_time(books: Books, entity: _Entity) -> ir.Table:
    current, key = books.table(entity.table), entity.key
    if not books.has(entity.history):
        return current.mutate(valid_from=ibis.literal(BEGINNING), valid_until=ibis.literal(END))
    columns = TABLES[entity.history].names
    dated = tuple(column for column in columns if column not in (key, "valid_from"))
    return overlay(current, books.table(entity.history), key, dated)


def _with_entity(books: Books, deals: ir.Table, entity: _Entity) -> ir.Table:
    """Join an entity's facts of the day, each column behind the prefix."""
    identity = f"{entity.prefix}__{entity.key}"
    if not books.has(entity.history):
        right = prefixed(books.table(entity.table), entity.prefix)
        return deals.left_join(right, deals[entity.named_by] == right[identity])
    days = ("valid_from", "valid_until")
    dated = _over_time(books, entity)
    right = prefixed(dated, entity.prefix).rename({day: f"{entity.prefix}__{day}" for day in days})
    joined = deals.left_join(
        right, [deals[entity.named_by] == right[identity], *in_span(deals.owned_on, right)]
    )
    return joined.drop(*days)


def latest_day(books: Books, today: dt.date) -> dt.date:
    """Return the day of the latest past event in the books, or today where there is none.

    Dates in the future (an expected closing, a planned campaign) are no events yet.
    """
    limit = dt.datetime.combine(today + dt.timedelta(days=1), dt.time())
    days = [_latest(books, table, column, limit) for table, column in _EVENTS if books.has(table)]
    return max((day for day in days if day), default=today)


_EVENTS: Sequence[tuple[str, str]] = (
    ("deals", "created_at"),
    ("deals", "closed_at"),
    ("offers", "offered_at"),
    ("customizations", "requested_at"),
    ("adjustments", "booked_at"),
    ("approvals", "requested_at"),
    ("approvals", "decided_at"),
    ("tool_uses", "used_at"),
    ("leads", "created_at"),
    ("leads", "qualified_at"),
    ("leads", "handed_over_at"),
    ("leads", "first_response_at"),
    ("leads", "verdict_at"),
    ("touches", "touched_at"),
    ("sell_through", "week"),
)


def _latest(books: Books, name: str, column: str, limit: dt.datetime) -> dt.date | None:
    table = books.table(name)
    if (name, column) == ("deals", "closed_at"):
        table = table.filter(table.outcome != "open")
    moment = table[column].cast("timestamp")
    latest: Mapping[str, list[dt.datetime | None]] = books.run(
        table.filter(moment < limit).aggregate(latest=moment.max())
    ).to_pydict()
    found = latest["latest"][0]
    return found.date() if found else None
