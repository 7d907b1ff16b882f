"""The balance of a company that sells through retailers: base price held, promotions given.

Where the books hold no deals and weeks of sell-through, the months of the trade take the place of
won deals: value at base price for list, what promotions cut for concessions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from counterpoise.web.balance.weighing import Review, Weighing
from counterpoise.web.results.reading import KeptReview
from counterpoise.web.results.trade import TRADE
from counterpoise.web.shell.templatetags import figures

Month = Mapping[str, Any]


@dataclass(frozen=True)
class TradeBalance:
    """The trade as a review left it behind."""

    accounts: int
    products: int
    months: Sequence[Month]

    def as_review(self, review: Review) -> Review:
        """Return a review whose months are those of the trade."""
        months = [_as_deals(month) for month in self.months]
        over_time = {**review["ledger"]["value_over_time"], "months": months}
        ledger = {**review["ledger"], "value_over_time": over_time}
        return {**review, "ledger": ledger, "is_of_trade": True}

    def figures(self, weighing: Weighing) -> list[tuple[str, str, str]]:
        """Return the figures of a span: label, value, and what it is of."""
        months = [month for month in self.months if month["label"] in weighing.months]
        units = sum(month["units"] for month in months)
        on_deal = sum(month["units_on_deal"] for month in months)
        least = on_deal / units if units else None
        unknown = sum(month["units_unknown"] for month in months)
        share = figures.percent(least)
        if units and unknown:
            share = f"{share} to {figures.percent((on_deal + unknown) / units)}"
        spent = [month["trade_spend"] for month in months if month["trade_spend"] is not None]
        of = f"{figures.counted(self.products, 'product')} at "
        of += figures.counted(self.accounts, "account")
        given = f"{figures.percent(weighing.given_rate)} of base"
        spend = figures.short_money(sum(spent)) if spent else figures.money(None)
        return [
            ("Price realization", figures.percent(weighing.realization), "net over base price"),
            ("Value held", figures.short_money(weighing.held), of),
            ("Value given", figures.short_money(weighing.given), f"price cuts, {given}"),
            ("Sold on deal", share, "of the volume"),
            ("Trade spend", spend, "besides price cuts"),
        ]


def trade_balance(kept: KeptReview) -> TradeBalance | None:
    """Return the trade where it is what the balance is made of; None where deals are."""
    tables = kept.object["books"]["tables"]
    if tables.get("deals", {}).get("rows"):
        return None
    found = kept.measure(TRADE)
    if not isinstance(found, dict) or not found.get("months"):
        return None
    trade = cast("dict[str, Any]", found)
    return TradeBalance(trade["accounts"], trade["products"], trade["months"])


def _as_deals(month: Month) -> Month:
    base, net = month["base_sales"], month["net_sales"]
    return {
        "label": month["label"],
        "deals_won": 0,
        "deals_lost": 0,
        "list_revenue": base,
        "net_revenue": net,
        "value_held": net,
        "value_given": month["depth"],
        "above_list": month["above_base"],
        "leakage_low": 0.0,
        "leakage_high": 0.0,
        "price_realization": net / base if base else None,
    }
