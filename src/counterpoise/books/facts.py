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
import ibis.expr.datatypes as types
import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.books.money import MONEY, above_zero, product, to_cents
from counterpoise.books.schema import TABLES, Kind
from counterpoise.books.spans import BEGINNING, END, in_span, overlay, spans

_SIZE = types.Decimal(38, 10)
_LINE_TIE = ibis.literal(Decimal("0.0000000001"), _SIZE)
_AMOUNTS = ("list_amount", "net_amount", "cost_amount")


@dataclass(frozen=True)
class View:
    """Books as they stood at the end of a day."""

    books: Books
    as_of: dt.date

    @property
    def end(self) -> dt.datetime:
        """Return the instant at which the day is over."""
        return dt.datetime.combine(self.as_of + dt.timedelta(days=1), dt.time())

    def seen(self, table: ir.Table, column: str) -> ir.Table:
        """Keep the rows that happened by then; undated ones did."""
        happened = table[column]
        return table.filter(happened.isnull() | (happened < self.end))


def deals_as_of(view: View) -> ir.Table:
    """Return the deals known by then, with outcome and closing as of then.

    Grain: a deal. Adds `day`: the local date of closing; of an open deal the as-of day; NULL for
    a closed deal without a date. `owned_on` is the day on which its owner and account are looked
    up: the same, or the as-of day where there is none.
    """
    deals = view.seen(view.books.table("deals"), "created_at")
    is_open = (deals.outcome == "open") | (deals.closed_at >= view.end)
    is_open = ibis.coalesce(is_open, ibis.literal(False))
    as_of = ibis.literal(view.as_of)
    seen = deals.mutate(
        outcome=ibis.ifelse(is_open, "open", deals.outcome),
        closed_at=ibis.ifelse(is_open, ibis.null(Kind.INSTANT.dtype), deals.closed_at),
        loss_reason=ibis.ifelse(is_open, ibis.null("string"), deals.loss_reason),
        day=ibis.ifelse(is_open, as_of, deals.closed_at.date()),
    )
    return seen.mutate(owned_on=ibis.coalesce(seen.day, as_of))


def _with_exchange(view: View, deals: ir.Table) -> ir.Table:
    """Add `exchange`: workspace units for one unit of the deal's currency on its day."""
    one = ibis.literal(Decimal(1), Kind.RATE.dtype)
    if not view.books.manifest.foreign_currencies:
        return deals.mutate(exchange=one)
    rates = spans(view.books.table("exchange_rates"), "currency")
    rates = rates.select(
        rate_currency=rates.currency,
        rate=rates.rate,
        valid_from=rates.valid_from,
        valid_until=rates.valid_until,
    )
    joined = deals.left_join(
        rates, [deals.currency == rates.rate_currency, *in_span(deals.owned_on, rates)]
    )
    home = joined.currency.isnull() | (joined.currency == view.books.workspace.currency)
    known = joined.mutate(exchange=ibis.ifelse(home, one, joined.rate))
    return known.drop("rate_currency", "rate", "valid_from", "valid_until")


def _converted(view: View, amount: ir.DecimalValue, exchange: ir.DecimalValue) -> ir.DecimalValue:
    """Convert to workspace currency, half-even to cents; home amounts stay as they are."""
    if not view.books.manifest.foreign_currencies:
        return amount.cast(MONEY)
    abroad = to_cents(amount.cast(MONEY) * exchange)
    return ibis.ifelse(exchange == 1, amount.cast(MONEY), abroad).cast(MONEY)


def line_facts(view: View) -> ir.Table:
    """Return the lines of the deals known by then, priced and in workspace currency.

    Grain: a line. Columns: deal_id, line_no, product_id, the product's facts (`product__*`),
    product_family, list_amount, net_amount, cost_amount, concession and above_list (both NULL
    unless list and net are known). A missing list price is the price list's of that day, then the
    product's.
    """
    return _priced(view, _with_terms(view, _with_exchange(view, deals_as_of(view))))


def _lines_of(view: View, deals: ir.Table) -> ir.Table:
    """Return priced lines for joining to deals; those of other deals may be among them.

    Where nothing about a line hangs on its deal, the deal is not looked up twice.
    """
    if view.books.manifest.foreign_currencies or view.books.has("list_prices"):
        return _priced(view, _with_terms(view, deals))
    one = ibis.literal(Decimal(1), Kind.RATE.dtype)
    lines = view.books.table("deal_lines")
    return _priced(view, lines.mutate(exchange=one, owned_on=ibis.null("date")))


def _with_terms(view: View, deals: ir.Table) -> ir.Table:
    """Lay beside each line the rate of exchange and the day of its deal."""
    head = deals.select("deal_id", "exchange", "owned_on")
    return view.books.table("deal_lines").inner_join(head, "deal_id")


def _priced(view: View, lines: ir.Table) -> ir.Table:
    """Price lines that carry `exchange` and `owned_on`."""
    joined = _with_list_price(view, lines)
    goods = _prefixed(view.books.table("products"), "product")
    joined = joined.left_join(goods, joined.product_id == goods.product__product_id)
    quantity = joined.quantity
    own = _converted(view, product(quantity, joined.list_price), joined.exchange)
    listed = product(quantity, ibis.coalesce(joined.dated_price, joined.product__list_price))
    own_cost = _converted(view, product(quantity, joined.unit_cost), joined.exchange)
    priced = joined.mutate(
        list_amount=ibis.coalesce(own, listed),
        net_amount=_converted(view, product(quantity, joined.net_price), joined.exchange),
        cost_amount=ibis.coalesce(own_cost, product(quantity, joined.product__unit_cost)),
        product_family=joined.product__family,
    )
    gap = priced.list_amount - priced.net_amount
    priced = priced.mutate(concession=above_zero(gap), above_list=above_zero(-gap))
    columns = (
        "deal_id",
        "line_no",
        "product_id",
        "product_family",
        *_AMOUNTS,
        "concession",
        "above_list",
    )
    return priced.select(*columns, *goods.columns)


def _with_list_price(view: View, lines: ir.Table) -> ir.Table:
    """Add `dated_price`: the product's list price of the deal's day."""
    if not view.books.has("list_prices"):
        return lines.mutate(dated_price=ibis.null(MONEY))
    prices = spans(view.books.table("list_prices"), "product_id")
    prices = prices.select(
        priced_product=prices.product_id,
        dated_price=prices.list_price,
        valid_from=prices.valid_from,
        valid_until=prices.valid_until,
    )
    joined = lines.left_join(
        prices, [lines.product_id == prices.priced_product, *in_span(lines.owned_on, prices)]
    )
    return joined.drop("priced_product", "valid_from", "valid_until")


def deal_facts(books: Books, as_of: dt.date) -> ir.Table:
    """Return what is known of each deal on its day.

    Grain: a deal known at the end of `as_of`. Columns: those of `deals` as of then, amounts in
    workspace currency from lines where there are lines, else the deal's own, else its last
    offer's; `day`; `priced`; `concession` and `above_list` (NULL unless priced); `has_lines`;
    facts of the account (`account__*`) and owner (`owner__*`) as of the day; of the largest line's
    product (`product__*`, `product_family`); `customization_cost` and `adjustment_amount`; and
    attributes. What nobody knows is NULL.
    """
    view = View(books, as_of)
    deals = _with_exchange(view, deals_as_of(view))
    deals = _with_amounts(view, deals)
    deals = _with_entity(deals, people_over_time(books), "owner", "owner_id")
    deals = _with_entity(deals, accounts_over_time(books), "account", "account_id")
    goods = _prefixed(books.table("products"), "product")
    deals = deals.left_join(goods, deals.largest_product == goods.product__product_id)
    deals = deals.mutate(product_family=deals.product__family)
    return _with_sums(view, deals).drop("largest_product", "exchange", "owned_on")


def _with_amounts(view: View, deals: ir.Table) -> ir.Table:
    """Replace the deal's amounts by those of its lines, and fill what lacks from its last offer."""
    written = {name: _converted(view, deals[name], deals.exchange) for name in _AMOUNTS}
    deals = deals.mutate(**written)
    deals = _with_lines(view, deals)
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


def _with_lines(view: View, deals: ir.Table) -> ir.Table:
    if not view.books.has("deal_lines"):
        nothing = ibis.null(MONEY)
        return deals.mutate(
            has_lines=ibis.literal(False),
            line_concession=nothing,
            line_above=nothing,
            largest_product=ibis.null("string"),
        )
    lines = _lines_of(view, deals)
    size = ibis.coalesce(lines.list_amount, 0).cast(_SIZE) - lines.line_no * _LINE_TIE
    sums = lines.group_by("deal_id").aggregate(
        line_list=_sum_if_whole(lines.list_amount),
        line_net=_sum_if_whole(lines.net_amount),
        line_cost=_sum_if_whole(lines.cost_amount),
        line_concession=_sum_if_whole(lines.concession),
        line_above=_sum_if_whole(lines.above_list),
        largest_product=lines.product_id.argmax(size),
    )
    sums = sums.rename(lined_deal="deal_id")
    joined = deals.left_join(sums, deals.deal_id == sums.lined_deal)
    return joined.mutate(
        has_lines=joined.lined_deal.notnull(),
        list_amount=ibis.coalesce(joined.line_list, joined.list_amount),
        net_amount=ibis.coalesce(joined.line_net, joined.net_amount),
        cost_amount=ibis.coalesce(joined.line_cost, joined.cost_amount),
    ).drop("lined_deal", "line_list", "line_net", "line_cost")


def _sum_if_whole(amounts: ir.DecimalValue) -> ir.DecimalValue:
    """Sum, or NULL where one part is unknown."""
    return ibis.ifelse(amounts.isnull().sum() == 0, amounts.sum(), ibis.null(MONEY)).cast(MONEY)


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
            joined[f"{name}_amount"], _converted(view, joined[f"offer_{name}"], joined.exchange)
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
        converted = rows.select("deal_id", part=_converted(view, rows[amount], rows.exchange))
        sums = converted.group_by("deal_id").aggregate(total=converted.part.sum().cast(MONEY))
        sums = sums.rename(summed_deal="deal_id")
        joined = deals.left_join(sums, deals.deal_id == sums.summed_deal)
        deals = joined.mutate(**{name: ibis.coalesce(joined.total, Decimal(0)).cast(MONEY)})
        deals = deals.drop("summed_deal", "total")
    return deals


def in_workspace_currency(view: View, rows: ir.Table, *amounts: str) -> ir.Table:
    """Convert amounts that stand in the currency of the row's deal, as the deal's own are.

    Where there are foreign currencies, those of a deal that nobody knows are unknown.
    """
    if not view.books.manifest.foreign_currencies:
        return rows
    deals = _with_exchange(view, deals_as_of(view))
    deals = deals.select(exchanged_deal=deals.deal_id, exchange=deals.exchange)
    joined = rows.left_join(deals, rows.deal_id == deals.exchanged_deal)
    converted = {name: _converted(view, joined[name], joined.exchange) for name in amounts}
    return joined.mutate(**converted).select(*rows.columns)


def people_over_time(books: Books) -> ir.Table:
    """Return each person's facts with the span of days in which they hold."""
    return _over_time(books, "people", "person_roles", "person_id")


def accounts_over_time(books: Books) -> ir.Table:
    """Return each account's facts with the span of days in which they hold."""
    return _over_time(books, "accounts", "account_history", "account_id")


def _over_time(books: Books, name: str, history: str, key: str) -> ir.Table:
    current = books.table(name)
    if not books.has(history):
        return current.mutate(valid_from=ibis.literal(BEGINNING), valid_until=ibis.literal(END))
    dated = tuple(column for column in TABLES[history].names if column not in (key, "valid_from"))
    return overlay(current, books.table(history), key, dated)


def _with_entity(deals: ir.Table, entity: ir.Table, prefix: str, key: str) -> ir.Table:
    """Join an entity's facts of the day, each column behind the prefix; `key` names the deal's."""
    days = ("valid_from", "valid_until")
    facts = {
        f"{prefix}__{column}": entity[column] for column in entity.columns if column not in days
    }
    right = entity.select(**facts, valid_from=entity.valid_from, valid_until=entity.valid_until)
    identity = next(iter(facts))
    joined = deals.left_join(
        right, [deals[key] == right[identity], *in_span(deals.owned_on, right)]
    )
    return joined.drop(*days)


def _prefixed(table: ir.Table, prefix: str) -> ir.Table:
    return table.select(**{f"{prefix}__{column}": table[column] for column in table.columns})


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
    ("approvals", "decided_at"),
    ("leads", "created_at"),
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
