"""Groupings by what was sold: product and family group lines, not deals.

Money is that of the lines; a deal without lines stands with its own amounts in the group without a
key, so that every sum is that of the deals. A deal counts in each group that it has a line of.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.ledger.totals import Totals, read_totals

LINE_COLUMNS = (
    "deal_id",
    "product_id",
    "product_family",
    "list_amount",
    "net_amount",
    "concession",
    "above_list",
)
"""The columns of the lines that the ledger reads."""

_AMOUNTS = LINE_COLUMNS[3:]
_MONEY = dt.Decimal(38, 4)


def lines_of(deals: ir.Table, lines: ir.Table) -> ir.Table:
    """Return the lines of deals won or lost, with how each deal ended.

    Grain: a line; of a deal without lines one row with the deal's own amounts and no product.
    `has_price` tells whether the deal's list and net are known, and the line's too.
    """
    closed = deals.filter(deals.outcome.isin(["won", "lost"]))
    deal = closed.select(
        "deal_id", "outcome", **{f"deal_{name}": closed[name] for name in _AMOUNTS}
    )
    line = lines.select(*LINE_COLUMNS).rename(line_of="deal_id")
    joined = deal.left_join(line, deal.deal_id == line.line_of)
    amounts = {
        name: ibis.ifelse(joined.line_of.isnull(), joined[f"deal_{name}"], joined[name])
        for name in _AMOUNTS
    }
    whole = joined.deal_list_amount.notnull() & joined.deal_net_amount.notnull()
    known = amounts["list_amount"].notnull() & amounts["net_amount"].notnull()
    return joined.select(
        "deal_id", "outcome", "product_id", "product_family", **amounts, has_price=whole & known
    )


def totals_by_line(lines: ir.Table, key: str) -> ir.Table:
    """Add up lines by product or family.

    Returns:
        Grain: the key. Deals that have such a line, by outcome, and the money of won deals' lines.
    """
    won = lines.outcome == "won"
    priced = won & lines.has_price
    return lines.group_by(key).aggregate(
        deals_won=lines.deal_id.nunique(where=won),
        deals_lost=lines.deal_id.nunique(where=lines.outcome == "lost"),
        list_revenue=lines.list_amount.sum(where=priced).cast(_MONEY),
        net_revenue=lines.net_amount.sum(where=won).cast(_MONEY),
        net_priced=lines.net_amount.sum(where=priced).cast(_MONEY),
        conceded=lines.concession.sum(where=priced).cast(_MONEY),
        above_list=lines.above_list.sum(where=priced).cast(_MONEY),
    )


def by_line(books: Books, lines: ir.Table, key: str, whole: Totals) -> dict[str | None, Totals]:
    """Return the totals by product or family.

    What deals hold beyond their lines (an amount that only the deal has) belongs to no product and
    is added to the group without a key.

    Args:
        books: Where the query runs.
        lines: The lines, as `lines_of` returns them.
        key: `product_id` or `product_family`.
        whole: The totals of all deals, that the groups must add up to.
    """
    read = read_totals(books.run(totals_by_line(lines, key)), key)
    found: dict[str | None, Totals] = {value: totals for (value,), totals in read.items()}
    rest = _rest(found, whole)
    if rest != Totals():
        found[None] = found.get(None, Totals()) + rest
    return found


def _rest(found: Mapping[str | None, Totals], whole: Totals) -> Totals:
    """Return the money of all deals that no line accounts for."""
    lines = sum(found.values(), Totals())
    return Totals(
        list_revenue=whole.list_revenue - lines.list_revenue,
        net_revenue=whole.net_revenue - lines.net_revenue,
        net_priced=whole.net_priced - lines.net_priced,
        conceded=whole.conceded - lines.conceded,
        above_list=whole.above_list - lines.above_list,
    )
