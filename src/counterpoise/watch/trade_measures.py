"""What the kinds about the trade share: measured weeks, promotions of the window, their cost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import ibis
import ibis.expr.types as ir

from counterpoise.ledger.lift import Lift, lift
from counterpoise.ledger.promotion_cover import CELL, covered_weeks
from counterpoise.ledger.promotion_earned import PromotionBook, promotion_book
from counterpoise.ledger.promotion_weeks import Panel, panel
from counterpoise.ledger.trade_weeks import Recorded, recorded, trade_weeks
from counterpoise.ledger.within import Refused
from counterpoise.watch.watched import RECENT_DAYS, Watched

CONSUMER = "consumer_goods"
_YEAR = 364


def of_other_trade(watched: Watched) -> str:
    """Say why a company's trade is not watched; "" where it sells through retail accounts."""
    kind = watched.agreement.company.kind
    if kind == CONSUMER:
        return ""
    return (
        f"the agreement is of a company of kind {kind}; promotions to the trade are watched where "
        f"`company.kind` is {CONSUMER}"
    )


def signs_of(watched: Watched) -> Recorded:
    """Return which signs of a promotion the weeks record."""
    return watched.share("trade_signs", lambda: recorded(watched.books))


def weeks_of(watched: Watched) -> ir.Table:
    """Return all weeks of sell-through, kept."""
    return watched.share(
        "trade_weeks",
        lambda: watched.books.keep(trade_weeks(watched.view, signs_of(watched)), "watched_weeks"),
    )


def panel_of(watched: Watched) -> Panel | Refused:
    """Return the panel that promotions are measured on."""
    return watched.share("trade_panel", lambda: panel(watched.view))


def lift_of(watched: Watched) -> Lift | Refused:
    """Return what promotions do to volume."""

    def make() -> Lift | Refused:
        found = panel_of(watched)
        return found if isinstance(found, Refused) else lift(watched.books, found)

    return watched.share("trade_lift", make)


def book_of(watched: Watched) -> PromotionBook | Refused:
    """Return what each promotion earned."""

    def make() -> PromotionBook | Refused:
        weeks, found = panel_of(watched), lift_of(watched)
        if isinstance(weeks, Refused):
            return weeks
        if isinstance(found, Refused):
            return found
        return promotion_book(watched.view, weeks, found)

    return watched.share("promotion_book", make)


def refusal_of(watched: Watched, measured: Callable[[Watched], object]) -> str:
    """Say why the weeks cannot tell, measuring them last; "" where they can."""
    if why := of_other_trade(watched):
        return why
    found = measured(watched)
    return _lower(found.why) if isinstance(found, Refused) else ""


def _lower(why: str) -> str:
    return why[:1].lower() + why[1:].rstrip(".")


def offers_of(watched: Watched) -> ir.Table:
    """Return the promotions that ended in the window, kept.

    Grain: a promotion × an account. Columns: those of the promotion, `account_id` where it ran,
    `family`, `weeks` on deal, `shown` (whether the planned feature or display was seen in a week;
    NULL where nobody knows), and `cost`: what prices lay below base in its weeks, and its trade
    spend, shared by weeks.
    """
    return watched.share("trade_offers", lambda: watched.books.keep(_offers(watched), "offers"))


def cover_of(watched: Watched) -> ir.Table:
    """Return the weeks that promotions cover. Grain: promotion × account × product × week."""
    return watched.share("trade_cover", lambda: covered_weeks(watched.view, weeks_of(watched)))


def _offers(watched: Watched) -> ir.Table:
    offers = watched.in_window(watched.books.table("promotions"), "ends_on")
    goods = watched.books.table("products").select(own_product="product_id", own_family="family")
    offers = offers.left_join(goods, offers.product_id == goods.own_product)
    offers = offers.select(
        "promotion_id",
        "campaign_id",
        "product_id",
        "kind",
        "starts_on",
        "ends_on",
        "requested_by",
        own_spend=offers.trade_spend,
        family=ibis.coalesce(offers.product_family, offers.own_family),
    )
    weeks = _costs(watched)
    joined = offers.inner_join(weeks, "promotion_id")
    whole = joined.group_by("promotion_id").aggregate(all_cells=joined.cells.sum())
    joined = joined.inner_join(whole, "promotion_id")
    part = joined.cells / joined.all_cells
    spend = ibis.coalesce(joined.own_spend.cast("float64") * part, joined.week_spend, 0.0)
    shown = ibis.cases(
        (joined.kind == "feature", joined.featured),
        (joined.kind == "display", joined.displayed),
        else_=ibis.null("int64"),
    )
    return joined.mutate(
        cost=joined.depth + spend, spend=spend, shown=shown > 0, day=joined.ends_on
    ).drop("own_spend", "week_spend", "all_cells", "cells", "featured", "displayed")


def _costs(watched: Watched) -> ir.Table:
    """Return what each promotion cost at each account, and what of its signs was seen there."""
    laid = cover_of(watched).inner_join(weeks_of(watched), CELL)
    share = laid.share
    return laid.group_by("promotion_id", "account_id").aggregate(
        cells=laid.count().cast("float64"),
        weeks=laid.on_deal.sum(),
        depth=ibis.coalesce((laid.depth_amount.cast("float64") * share).sum(), 0.0),
        week_spend=(laid.trade_spend.cast("float64") * share).sum(),
        featured=ibis.ifelse(laid.featured, 1, 0).sum(where=laid.featured.notnull()),
        displayed=ibis.ifelse(laid.displayed, 1, 0).sum(where=laid.displayed.notnull()),
    )


def account_names(watched: Watched) -> Mapping[str, str]:
    """Return the names of accounts by id."""

    def make() -> Mapping[str, str]:
        if not watched.books.has("accounts"):
            return {}
        named = watched.books.table("accounts").select("account_id", "name")
        rows = watched.books.run(named.filter(named.name.notnull())).to_pylist()
        return {row["account_id"]: row["name"] for row in rows}

    return watched.share("account_names", make)


def recent_or_before(watched: Watched, week: ir.DateValue) -> ir.StringValue:
    """Tell weeks of the last 182 days from those of the same days a year before, else NULL."""
    last = watched.last
    found: ir.StringValue = ibis.cases(
        (_within(week, last), "recent"),
        (_within(week, last - dt.timedelta(days=_YEAR)), "before"),
        else_=ibis.null("string"),
    )
    return found


def _within(week: ir.DateValue, last: dt.date) -> ir.BooleanValue:
    first = last - dt.timedelta(days=RECENT_DAYS - 1)
    inside: ir.BooleanValue = week.between(ibis.literal(first), ibis.literal(last))
    return inside
