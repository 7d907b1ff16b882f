"""Groupings by what was sold: product and family group lines, not deals.

Money is that of the lines. What deals hold beyond their lines (all of a deal without lines, an
amount that only the deal knows) stands in the group without a key, so that every sum is that of
the deals. A deal counts in each group that it has a line of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.ledger.totals import Totals, add_up, read_totals

_MONEY = dt.Decimal(38, 4)


def lines_of(deals: ir.Table, lines: ir.Table) -> ir.Table:
    """Add up the lines of deals won or lost as far as product and family allow.

    Args:
        deals: One row a deal, with outcome, list_amount, net_amount and line_count.
        lines: One row a line, priced; those of other deals may be among them.

    Returns:
        Grain: `deal_id` (NULL for all deals of one line together) × product_id × product_family ×
        `is_won` × `is_priced`, whether the deal was won and list and net of deal and line are
        known. `lines` counts; the amounts are sums.
    """
    closed = deals.filter(deals.outcome.isin(["won", "lost"]), deals.line_count > 0)
    deal = closed.select(
        "deal_id",
        is_won=closed.outcome == "won",
        has_price=closed.list_amount.notnull() & closed.net_amount.notnull(),
        is_alone=closed.line_count == 1,
    )
    joined = lines.inner_join(deal, "deal_id")
    known = joined.list_amount.notnull() & joined.net_amount.notnull()
    grain = {
        "deal_id": ibis.ifelse(joined.is_alone, ibis.null("string"), joined.deal_id),
        "product_id": joined.product_id,
        "product_family": joined.product_family,
        "is_won": joined.is_won,
        "is_priced": joined.is_won & joined.has_price & known,
    }
    amounts = ("list_amount", "net_amount", "concession", "above_list")
    sums = {name: joined[name].sum().cast(_MONEY) for name in amounts}
    return joined.group_by(**grain).aggregate(lines=joined.count(), **sums)


def totals_by_line(lines: ir.Table, key: str) -> ir.Table:
    """Add up lines by product or family.

    Args:
        lines: As `lines_of` returns them.
        key: `product_id` or `product_family`.

    Returns:
        Grain: the key. Deals that have such a line, by outcome, and the money of won deals' lines.
    """

    def deals_with(outcome: ir.BooleanValue) -> ir.IntegerValue:
        alone = lines.lines.sum(where=outcome & lines.deal_id.isnull())
        return (ibis.coalesce(alone, 0) + lines.deal_id.nunique(where=outcome)).cast("int64")

    return lines.group_by(key).aggregate(
        deals_won=deals_with(lines.is_won),
        deals_lost=deals_with(~lines.is_won),
        list_revenue=lines.list_amount.sum(where=lines.is_priced).cast(_MONEY),
        net_revenue=lines.net_amount.sum(where=lines.is_won).cast(_MONEY),
        net_priced=lines.net_amount.sum(where=lines.is_priced).cast(_MONEY),
        conceded=lines.concession.sum(where=lines.is_priced).cast(_MONEY),
        above_list=lines.above_list.sum(where=lines.is_priced).cast(_MONEY),
    )


def by_line(books: Books, lines: ir.Table, key: str, beyond: Beyond) -> dict[str | None, Totals]:
    """Return the totals by product or family.

    Args:
        books: Where the query runs.
        lines: The lines, as `lines_of` returns them.
        key: `product_id` or `product_family`.
        beyond: What the groups must add up to.
    """
    read = read_totals(books.run(totals_by_line(lines, key)), key)
    found: dict[str | None, Totals] = {value: totals for (value,), totals in read.items()}
    rest = beyond.rest(found)
    if rest != Totals():
        found[None] = found.get(None, Totals()) + rest
    return found


@dataclass(frozen=True)
class Beyond:
    """All deals, and how many of them have no line."""

    whole: Totals
    won_without_lines: int
    lost_without_lines: int

    def rest(self, lines: Mapping[str | None, Totals]) -> Totals:
        """Return what the deals hold that no line accounts for."""
        told = add_up(lines.values())
        money = {
            name: getattr(self.whole, name) - getattr(told, name)
            for name in ("list_revenue", "net_revenue", "net_priced", "conceded", "above_list")
        }
        return Totals(deals_won=self.won_without_lines, deals_lost=self.lost_without_lines, **money)


def beyond_lines(books: Books, deals: ir.Table, whole: Totals) -> Beyond:
    """Count the deals without lines.

    Args:
        books: Where the query runs.
        deals: One row a deal, with outcome and has_lines.
        whole: The totals of all deals.
    """
    bare = deals.filter(~deals.has_lines)
    counts: dict[str, Any] = books.run(
        bare.aggregate(won=(bare.outcome == "won").sum(), lost=(bare.outcome == "lost").sum())
    ).to_pylist()[0]
    return Beyond(whole, counts["won"] or 0, counts["lost"] or 0)
