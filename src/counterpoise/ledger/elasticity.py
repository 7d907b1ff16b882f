"""Own-price elasticity: by how many percent volume falls when the price rises by one percent.

ln(units) on ln(price), displays and features, with one effect an account × product (Rossi,
Allenby & McCulloch 2005, §3; within regression with errors by account, see `within`). Beside it
the slope of ln(units) on ln(price) alone over the same weeks. The two part where accounts differ in
size and in price at once: a large account that is dear makes price look harmless. Only the first
compares an account with itself, so only the first is shown as the elasticity.

It assumes that prices within an account move for reasons other than the demand of that week; a
price cut timed for a holiday makes demand look more elastic than it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from counterpoise.books.facts import View
from counterpoise.books.schema import attribute_column
from counterpoise.ledger.estimate import Estimate, estimate
from counterpoise.ledger.moments import Floats, Moments, Observed, moments
from counterpoise.ledger.trade_weeks import Recorded, recorded
from counterpoise.ledger.within import (
    STILL,
    Fit,
    Refused,
    as_number,
    fit,
    logarithm,
)

METHOD = "ln(units) on ln(price), displays and features, with account × product effects"
ASSUMES = (
    "Prices within an account move for reasons other than that week's demand.",
    "One elasticity holds for all accounts and weeks that are compared.",
)
SHARES = {"displayed": "display_share", "featured": "feature_share"}
"""Attributes that tell a sign as the share of an account's stores, in place of the flag."""
_NO_PRICE = (
    "The price never varies within an account, so nobody can tell what it does to volume. Record "
    "each week's own price, and vary it."
)


@dataclass(frozen=True)
class Elasticity:
    """What price does to volume.

    Attributes:
        value: With account × product effects.
        across: The slope over the same weeks without effects or controls; not to be acted on.
        controls: What was held constant beside the accounts.
        method: How it was told.
        assumes: What must hold.
        warnings: What may be wrong with it.
    """

    value: Estimate
    across: Estimate
    controls: tuple[str, ...]
    method: str = METHOD
    assumes: tuple[str, ...] = ASSUMES
    warnings: tuple[str, ...] = ()

    @property
    def why(self) -> str:
        """Say why this figure is shown and not the slope across accounts."""
        within, across = (
            f"{each.value:.2f}".replace("-", "−") for each in (self.value, self.across)
        )
        return (
            f"{within} compares each account with itself, week by week. Without "
            f"account effects, displays and features the slope is {across}, which "
            "takes what sets large and small accounts apart for an effect of price."
        )


def elasticity(
    view: View, *, product_id: str | None = None, family: str | None = None
) -> Elasticity | Refused:
    """Estimate the own-price elasticity, of all goods, of a product or of a family.

    Refused, with the reason, where prices never vary within an account or too few weeks tell.
    """
    if not view.books.has("sell_through"):
        return Refused(
            "The books hold no sell-through. Import weekly sales by account and product."
        )
    weeks = _weeks(view)
    if product_id is not None:
        weeks = weeks.filter(weeks.product_id == product_id)
    if family is not None:
        goods = view.books.table("products")
        weeks = weeks.semi_join(goods.filter(goods.family == family), "product_id")
    names = ("ln_price", "displayed", "featured")
    found = moments(view.books, Observed(weeks), "ln_units", names)
    if found.n and found.spread("ln_price") <= STILL:
        return Refused(_NO_PRICE)
    told = fit(found)
    if isinstance(told, Refused):
        return told
    value = told.slope("ln_price")
    across = _across(found)
    if value is None or across is None:
        return Refused(_NO_PRICE)
    controls = tuple(name for name in told.names if name != "ln_price")
    return Elasticity(value, across, controls, warnings=_warnings(told))


def _weeks(view: View) -> ir.Table:
    has = recorded(view.books)
    weeks = view.seen(view.books.table("sell_through"), "week")
    signs = {name: _sign(view, weeks, name, has) for name in SHARES}
    return weeks.select(
        "account_id",
        "product_id",
        ln_units=logarithm(weeks.units),
        ln_price=logarithm(weeks.net_price),
        **signs,
    )


def _sign(view: View, weeks: ir.Table, name: str, has: Recorded) -> ir.Value:
    """Return a sign as a number; 0 where the source never records it, NULL where it did not."""
    share = SHARES[name]
    if share in view.books.attributes("sell_through"):
        return weeks[attribute_column(share)].cast("float64")
    if not getattr(has, name):
        return ibis.literal(0.0)
    return as_number(weeks[name])


def _across(found: Moments) -> Estimate | None:
    """Return the slope over the same weeks alone: sums by account around the means of all."""
    x, y = found.names.index("ln_price"), len(found.names)
    squares, products = found.raw[:, x, x], found.raw[:, x, y]
    return _slope(found.rows, found.totals[:, x], found.totals[:, y], squares, products)


def _slope(n: Floats, x: Floats, y: Floats, xx: Floats, xy: Floats) -> Estimate | None:
    rows, accounts = float(n.sum()), len(n)
    mx, my = x.sum() / rows, y.sum() / rows
    told = xx - 2 * mx * x + n * mx * mx
    both = xy - mx * y - my * x + n * mx * my
    if told.sum() <= STILL * rows or accounts < 2:
        return None
    slope = float(both.sum() / told.sum())
    scores = both - slope * told
    spare = accounts / (accounts - 1) * (rows - 1) / (rows - 2)
    variance = spare * float(scores @ scores) / float(told.sum()) ** 2
    freedom = max(float(told.sum()) ** 2 / float(told @ told) - 1.0, 1.0)
    return estimate(slope, variance, freedom, (int(rows), accounts))


def _warnings(told: Fit) -> tuple[str, ...]:
    said = []
    for name, what in (("displayed", "displays"), ("featured", "features")):
        if name in told.still:
            said.append(
                f"No {what} that vary are on record: where a price cut came with them, their "
                "effect is taken for one of price."
            )
    return tuple(said)
