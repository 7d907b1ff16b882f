"""What promotions earned: after their price, their cost, the weeks after and their neighbours.

A week earned u·(net − cost) on what it sold. Without any promotion it would have sold u₀ at base
price (see `promotion_split`) and earned u₀·(base − cost). The difference is what promotions
brought: more sold, less the price given on what would have sold anyway, less what the weeks after
and the neighbours lost. Trade spend comes off at the end. Where the base price is unknown it is the
price paid. A good whose unit cost is unknown is left out and counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from counterpoise.books.facts import View
from counterpoise.ledger.estimate import Estimate
from counterpoise.ledger.lift import Lift
from counterpoise.ledger.promotion_split import MONEY
from counterpoise.ledger.promotion_weeks import Panel
from counterpoise.ledger.trade import trade_spend
from counterpoise.ledger.within import Refused


@dataclass(frozen=True)
class Earned:
    """What promotions brought, in money.

    Attributes:
        key: Of the group; None of the whole, or of what has none.
        more_sold: Margin on units that promotions added, at the price paid.
        price_given: What would have sold anyway, times the price cut; not above 0.
        after: Margin lost in the two weeks after, at base price; below 0 where there is a dip.
        neighbours: Margin that neighbours lost; below 0 where goods take from each other.
        trade_spend: Paid for promotions; 0 where none is on record.
        earned: All of it together, less trade spend.
        weeks_left_out: Weeks of goods whose cost is unknown.
    """

    key: Any
    more_sold: float
    price_given: float
    after: float
    neighbours: float
    trade_spend: Decimal
    earned: Estimate
    weeks_left_out: int

    @property
    def surely_lost(self) -> bool:
        """Tell whether promotions earned less than they cost, with 97.5 % certainty."""
        return self.earned.high < 0 and not self.earned.is_small


def earned(
    view: View, panel: Panel, found: Lift, by: str | None = None
) -> tuple[Earned, ...] | Refused:
    """Tell what promotions earned, in all or by account, family, product or week.

    Args:
        view: The books as of a day.
        panel: Their weeks.
        found: What promotions do to volume.
        by: `account_id`, `product_family`, `product_id` or `week`.
    """
    lines = view.books.run(found.split.sums(view.books, panel, by)).to_pylist()
    if not any(line["costed"] for line in lines):
        return Refused(
            "No good has its unit cost on record, so nobody knows what a promotion earned. Record "
            "`unit_cost` of products."
        )
    spent = trade_spend(view, by)
    made = [_read(found, line, spent.get(line["key"], Decimal(0))) for line in lines]
    return tuple(sorted(made, key=lambda each: (each.key is None, str(each.key))))


def _read(found: Lift, line: Mapping[str, Any], spent: Decimal) -> Earned:
    parts = {name: float(line[name] or 0.0) for name in MONEY}
    parts["price_given"] -= float(line["given"] or 0.0)
    gradient = {name: float(line[f"m_{name}"] or 0.0) for name in found.effects}
    total = sum(parts.values()) - float(spent)
    return Earned(
        key=line["key"],
        **parts,
        trade_spend=spent,
        earned=found.within.combined(total, gradient, float(line["beyond"] or 0.0)),
        weeks_left_out=int(line["left_out"] or 0),
    )
