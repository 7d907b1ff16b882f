"""What an agreement about promotions forgets: weeks without end, money, and the other side."""

from __future__ import annotations

from collections.abc import Iterator

from counterpoise.agreement.document import Agreement, PromotionRow, Side
from counterpoise.agreement.linting.findings import LintWarning
from counterpoise.agreement.terms import roles_of

_CONSUMER = "consumer_goods"
_SPENDING = ("promotion_spend", "trade_spend")


def check_promotions(agreement: Agreement) -> Iterator[LintWarning]:
    """Yield what promotions leave open."""
    promotions = agreement.promotions
    if agreement.company.kind == _CONSUMER:
        yield from _goals(agreement)
    if promotions is None:
        if agreement.company.kind == _CONSUMER:
            yield LintWarning(
                "promotions",
                "the company sells consumer goods and nothing says how deep or how often they "
                "are promoted, so that every promotion is refused",
                "write promotions, such as {limits: [{id: price, up_to: {brand_manager: 20%}}]}",
            )
        return
    for row in promotions.limits:
        yield from _row(row, agreement)
    if promotions.limits and not any(each.of in _SPENDING for each in agreement.budgets):
        yield LintWarning(
            "budgets",
            "promotions are agreed and no budget bounds what they cost",
            "add one of promotion_spend or trade_spend",
        )


def _goals(agreement: Agreement) -> Iterator[LintWarning]:
    metrics = {goal.metric for goal in agreement.goals}
    for goal in agreement.goals:
        of_trade = _OF_TRADE.get(goal.metric)
        if of_trade and of_trade not in metrics:
            yield LintWarning(
                f"goals.{goal.id}",
                f"{goal.metric} counts won deals alone, and what retail accounts sell is in none",
                f"set one by {of_trade} beside it, or in its place",
            )


_OF_TRADE = {"price_realization": "base_price_realization", "net_revenue": "net_sales"}
"""Metrics of won deals, and what asks the same of weeks of sell-through."""


def _row(row: PromotionRow, agreement: Agreement) -> Iterator[LintWarning]:
    clause = f"promotions.limits.{row.id}"
    weeks = row.weeks_on_deal
    if weeks is None and agreement.company.kind == _CONSUMER:
        yield LintWarning(
            clause,
            "no weeks_on_deal is set, so that these goods may be on deal all year, and the "
            "shopper learns to wait",
            "set one, such as {per: year, at_most: 13}",
        )
    elif weeks is not None and weeks.at_most == 0:
        yield LintWarning(
            f"{clause}.weeks_on_deal",
            "no week may be on deal, so that what up_to grants can never be used",
            "set a number of weeks, or take the row out",
        )
    sides = {
        agreement.roles[role].side
        for who in row.up_to
        for role in roles_of(who)
        if role in agreement.roles
    }
    if Side.BOTH not in sides and len(sides) == 1:
        side = next(iter(sides))
        yield LintWarning(
            f"{clause}.up_to",
            f"{side} alone decides: brand and price belong to marketing, the account to sales",
            "name a role of the other side, or both together as a + b",
        )
