"""The trade in a review: weeks of sell-through, from base price to pocket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from counterpoise.ledger import Review
from counterpoise.ledger.trade import Trade, TradeStepName, TradeTotals
from counterpoise.report.layout import figures, points, table
from counterpoise.report.wording import NOTHING, counted, money, share

MOST_ROWS = 8
TRADE_STEPS: Mapping[TradeStepName, str] = MappingProxyType(
    {
        TradeStepName.BASE: "Value at base price",
        TradeStepName.DEPTH: "Price promotions",
        TradeStepName.ABOVE_BASE: "Sold above base",
        TradeStepName.NET: "Net",
        TradeStepName.TRADE_SPEND: "Trade spend",
        TradeStepName.POCKET: "Pocket",
    }
)
TRADE_GROUPINGS: Mapping[str, str] = MappingProxyType(
    {"product_family": "Product family", "account": "Account"}
)
"""The groupings that are shown unasked, and what they are called."""


def is_trade_alone(review: Review) -> bool:
    """Tell whether the books hold weeks of sell-through and no deal."""
    totals = review.ledger.totals
    closed = totals.deals_won + totals.deals_lost + totals.deals_cancelled
    return review.trade is not None and not closed + totals.deals_open


def extent(trade: Trade) -> str:
    """Say what the weeks cover."""
    return (
        f"{counted(trade.totals.weeks, 'week')} of sell-through: "
        f"{counted(trade.products, 'product')} at {counted(trade.accounts, 'account')}, "
        f"{trade.first} to {trade.last}."
    )


def share_on_deal(totals: TradeTotals) -> str:
    """Write the share of volume sold on deal, with its bounds where weeks are unknown."""
    bounds = totals.share_on_deal
    if bounds is None:
        return NOTHING
    least, most = map(share, bounds)
    return least if least == most else f"{least} to {most}"


def spent(totals: TradeTotals) -> str:
    """Write trade spend; nothing where none is on record."""
    return NOTHING if totals.trade_spend is None else money(totals.trade_spend)


def trade_figures(trade: Trade) -> tuple[tuple[str, str, str], ...]:
    """Return the figures of the trade: name, value, and what it means."""
    totals = trade.totals
    has_base = bool(totals.base_sales)
    return (
        ("Net sales", money(totals.net_sales), f"{totals.units:,.0f} units"),
        (
            "Price realization",
            share(totals.price_realization),
            "net over base price, where both are known",
        ),
        (
            "Given in promotions",
            money(totals.depth) if has_base else NOTHING,
            "below base price",
        ),
        ("Sold on deal", share_on_deal(totals), "share of units in weeks with a promotion"),
        ("Trade spend", spent(totals), "paid to accounts for promotions"),
    )


def trade_doubts(trade: Trade) -> tuple[str, ...]:
    """Say what the figures of the trade do not tell, and what to record."""
    totals, said = trade.totals, []
    if trade.signs.missing:
        said.append(
            f"The weeks never record {' or '.join(trade.signs.missing)}: what is on deal is told "
            "by the rest alone."
        )
    if totals.unpriced_weeks:
        of = "All weeks lack" if totals.unpriced_weeks == totals.weeks else "lack"
        count = "" if of.startswith("All") else f"{counted(totals.unpriced_weeks, 'week')} "
        said.append(
            f"{count}{of} base price or net price and stand apart, with "
            f"{money(totals.unpriced_net)} of net; record the price before promotion, week by week."
        )
    if totals.units_unknown and trade.signs.any:
        said.append(
            f"Of {totals.units_unknown:,.0f} units nobody knows whether they were sold on deal."
        )
    if totals.trade_spend is None:
        said.append(
            "No trade spend is on record: what promotions cost beyond their price is unknown."
        )
    return tuple(said)


def trade_steps(trade: Trade) -> tuple[tuple[str, Decimal, str], ...]:
    """Return the waterfall: step, amount, and its part of the value at base price."""
    whole = trade.totals.base_sales
    if not whole:
        return ()
    return tuple(
        (TRADE_STEPS[each.step], each.amount, share(each.amount / whole))
        for each in trade.totals.waterfall
    )


def trade_parts(trade: Trade) -> Iterator[RenderableType]:
    """Show the trade in the terminal."""
    yield Text(extent(trade))
    grid = Table.grid(padding=(0, 2))
    grid.add_column()
    grid.add_column(justify="right", style="bold")
    grid.add_column(style="dim")
    for row in trade_figures(trade):
        grid.add_row(*row)
    yield grid
    if steps := trade_steps(trade):
        made = table("From base price", figures("amount", "of base"))
        for name, amount, part in steps:
            made.add_row(name, money(amount), part)
        yield made
    for grouping, title in TRADE_GROUPINGS.items():
        yield _grouping(trade, grouping, title)
    if doubts := trade_doubts(trade):
        yield Group(Text("What these figures do not tell", style="bold"), points(doubts))


def _grouping(trade: Trade, grouping: str, title: str) -> RenderableType:
    groups = trade.by[grouping]
    made = table(title, figures("net sales", "realization", "on deal", "trade spend"))
    for each in groups[:MOST_ROWS]:
        totals = each.totals
        made.add_row(
            str(each.key or "(none)"),
            money(totals.net_sales),
            share(totals.price_realization),
            share_on_deal(totals),
            spent(totals),
        )
    rest = len(groups) - MOST_ROWS
    more = [Text(f"{rest:,} more, by net sales", style="dim")] if rest > 0 else []
    return Group(made, *more)
