"""The view: books as they stood at the end of a day, and the deals known by then."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import ibis
import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.books.money import MONEY, to_cents, with_product
from counterpoise.books.schema import Kind
from counterpoise.books.spans import in_span, spans

ONE = ibis.literal(Decimal(1), Kind.RATE.dtype)
"""The rate of exchange of the workspace's own currency."""


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
    deals = _known_deals(view)
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


def _known_deals(view: View) -> ir.Table:
    """Leave out deals created later, where there are any.

    An engine takes a filter to leave few rows, and would hold the deals in memory to find the
    lines of each instead of the other way round.
    """
    deals = view.books.table("deals")
    latest = view.books.latest("deals", "created_at")
    return deals if latest is None or latest < view.end else view.seen(deals, "created_at")


def with_exchange(view: View, deals: ir.Table) -> ir.Table:
    """Add `exchange`: workspace units for one unit of the deal's currency on its day."""
    if not view.books.manifest.foreign_currencies:
        return deals.mutate(exchange=ONE)
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
    known = joined.mutate(exchange=ibis.ifelse(home, ONE, joined.rate))
    return known.drop("rate_currency", "rate", "valid_from", "valid_until")


def converted(view: View, amount: ir.DecimalValue, exchange: ir.DecimalValue) -> ir.DecimalValue:
    """Convert to workspace currency, half-even to cents; home amounts stay as they are."""
    if not view.books.manifest.foreign_currencies:
        return amount.cast(MONEY)
    abroad = with_product(amount.cast(MONEY), exchange, to_cents)
    return ibis.ifelse(exchange == 1, amount.cast(MONEY), abroad).cast(MONEY)


def in_workspace_currency(view: View, rows: ir.Table, *amounts: str) -> ir.Table:
    """Convert amounts that stand in the currency of the row's deal, as the deal's own are.

    Where there are foreign currencies, those of a deal that nobody knows are unknown.
    """
    if not view.books.manifest.foreign_currencies:
        return rows
    deals = with_exchange(view, deals_as_of(view))
    deals = deals.select(exchanged_deal=deals.deal_id, exchange=deals.exchange)
    joined = rows.left_join(deals, rows.deal_id == deals.exchanged_deal)
    exchanged = {name: converted(view, joined[name], joined.exchange) for name in amounts}
    return joined.mutate(**exchanged).select(*rows.columns)


def prefixed(table: ir.Table, prefix: str) -> ir.Table:
    """Put a prefix before the name of every column."""
    return table.select(**{f"{prefix}__{column}": table[column] for column in table.columns})
