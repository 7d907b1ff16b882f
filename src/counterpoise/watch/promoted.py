"""Goods sold to a customer while a promotion cut their price for that customer."""

from __future__ import annotations

from decimal import Decimal

import ibis
import ibis.expr.types as ir

from counterpoise.books.facts import line_facts
from counterpoise.watch.watched import Watched

SAME = 0.005
"""A discount this near the promotion's own depth, of list, is taken for the promotion itself."""


def promoted_deals(watched: Watched) -> ir.Table | None:
    """Return the won deals of the window with goods that were on promotion for their customer.

    Grain: a promotion's campaign and family × a deal that closed on a day of the promotion, for
    the account that it was offered to (any, where it names none). Columns: `campaign` (the
    promotion's own id where it has no campaign), `family`, `deal_id`, `day`, `account_id`,
    `owner_id`, `listed` (list value of the goods), `cut` (what the promotion takes off them),
    `given` (what was negotiated off them), `is_both` and `twice` (the smaller of the two where
    both were given, else 0).

    Returns:
        None where no such deal is there.
    """
    return watched.share("promoted_deals", lambda: _promoted(watched))


def _promoted(watched: Watched) -> ir.Table | None:
    offers = _price_cuts(watched)
    deals = watched.in_window(watched.judged, "day")
    deals = deals.filter(deals.outcome == "won").select("deal_id", "day", "account_id", "owner_id")
    named, general = offers.filter(offers.to.notnull()), offers.filter(offers.to.isnull())
    met = deals.inner_join(
        named,
        [deals.account_id == named.to, deals.day.between(named.starts_on, named.ends_on)],
    )
    if watched.one(general.count()):
        days = deals.day.between(general.starts_on, general.ends_on)
        met = met.union(deals.inner_join(general, [days]))
    met = watched.books.keep(met.drop("to", "starts_on", "ends_on"), "promoted")
    if not watched.one(met.count()):
        return None
    return watched.books.keep(_by_deal(_lines(watched, met)), "promoted_deals")


def _price_cuts(watched: Watched) -> ir.Table:
    """Return the promotions that cut a price by a known rate on some day of the window."""
    offers, goods = watched.books.table("promotions"), watched.books.table("products")
    goods = goods.select(own=goods.product_id, own_family=goods.family)
    offers = offers.left_join(goods, offers.product_id == goods.own)
    offers = offers.filter(
        offers.rate > Decimal(0),
        offers.starts_on <= ibis.literal(watched.last),
        offers.ends_on >= ibis.literal(watched.first),
    )
    return offers.select(
        campaign=ibis.coalesce(offers.campaign_id, offers.promotion_id),
        family=ibis.coalesce(offers.product_family, offers.own_family),
        only=offers.product_id,
        to=offers.account_id,
        starts_on="starts_on",
        ends_on="ends_on",
        depth=offers.rate.cast("float64"),
    ).filter(ibis._.family.notnull())


def _lines(watched: Watched, met: ir.Table) -> ir.Table:
    """Return the lines of promoted goods. Grain: a campaign and family × a line."""
    lines = line_facts(watched.view)
    lines = lines.select(
        "line_no",
        "product_id",
        "product_family",
        line_deal="deal_id",
        listed=lines.list_amount.cast("float64"),
        given=lines.concession.cast("float64"),
    ).filter(ibis._.given.notnull(), ibis._.listed > 0)
    joined = met.inner_join(
        lines, [met.deal_id == lines.line_deal, met.family == lines.product_family]
    )
    joined = joined.filter(joined.only.isnull() | (joined.only == joined.product_id))
    return joined.group_by(
        "campaign", "family", "deal_id", "day", "account_id", "owner_id", "line_no"
    ).aggregate(depth=joined.depth.max(), listed=joined.listed.max(), given=joined.given.max())


def _by_deal(lines: ir.Table) -> ir.Table:
    cut = lines.depth * lines.listed
    both = (lines.given > 0) & ((lines.given - cut).abs() > SAME * lines.listed)
    lines = lines.mutate(
        cut=cut,
        both=both.cast("int32"),
        twice=ibis.ifelse(both, ibis.least(lines.given, cut), 0.0),
    )
    keys = ("campaign", "family", "deal_id", "day", "account_id", "owner_id")
    return lines.group_by(*keys).aggregate(
        listed=lines.listed.sum(),
        cut=lines.cut.sum(),
        given=lines.given.sum(),
        is_both=lines.both.max() == 1,
        twice=lines.twice.sum(),
    )
