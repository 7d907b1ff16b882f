"""Promotions that run against each other at the same account."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.document import Side
from counterpoise.ledger.crack import Subject
from counterpoise.watch.keeping import Promise, kept
from counterpoise.watch.kind import Kind, OtherView, Tested, Unit
from counterpoise.watch.mix import Rows
from counterpoise.watch.trade_measures import (
    account_names,
    cover_of,
    of_other_trade,
    offers_of,
)
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import counted, of_few, percent


def _cases(watched: Watched) -> ir.Table:
    """Return the promotions of the window with whether another runs against them, kept.

    Grain: promotion × account. Adds `is_clash` (1 or 0), `against` (one of the others) and `base`.
    """

    def make() -> ir.Table:
        offers, met = offers_of(watched), _met(watched)
        joined = offers.left_join(
            met, [offers.promotion_id == met.own, offers.account_id == met.at_account]
        )
        made = joined.mutate(
            is_clash=ibis.ifelse(joined.against.notnull(), 1, 0),
            base=joined.cost / watched.quarters,
        )
        return watched.books.keep(made.drop("own", "at_account"), "clashes")

    return watched.share("clashes", make)


def _met(watched: Watched) -> ir.Table:
    """Return the promotions that meet another one at an account, and the first that they meet.

    They meet in a week in which both cover the same product, or, where both have a campaign and
    not the same one, goods of the same family.
    """
    # Both are tables of the engine: a table joined to one made of it loses its own columns.
    weeks = watched.books.keep(_promoted_weeks(watched), "promoted_weeks")
    other = weeks.rename(
        against="promotion_id",
        other_account="account_id",
        other_product="product_id",
        other_week="week",
        other_campaign="campaign_id",
        other_line="line",
    )
    other = watched.books.keep(other, "promoted_weeks")
    same = [("account_id", "other_account"), ("line", "other_line"), ("week", "other_week")]
    joined = weeks.inner_join(other, same)
    joined = joined.filter(joined.promotion_id != joined.against)
    apart = ibis.coalesce(joined.campaign_id != joined.other_campaign, False)
    met = joined.filter((joined.product_id == joined.other_product) | apart)
    return met.group_by(own=met.promotion_id, at_account=met.account_id).aggregate(
        against=met.against.min(), together=met.week.nunique()
    )


def _promoted_weeks(watched: Watched) -> ir.Table:
    """Return the covered weeks with the campaign, and the family (else the product) as `line`."""
    offers = watched.books.table("promotions").select("promotion_id", "campaign_id")
    goods = watched.books.table("products").select(own_product="product_id", family="family")
    cover = cover_of(watched).inner_join(offers, "promotion_id")
    cover = cover.left_join(goods, cover.product_id == goods.own_product)
    return cover.select(
        "promotion_id",
        "account_id",
        "product_id",
        "week",
        "campaign_id",
        line=ibis.coalesce(cover.family, cover.product_id),
    )


def _test(watched: Watched) -> Iterator[Tested]:
    names = account_names(watched)
    rows = Rows(
        _cases(watched), subject="account_id", value="is_clash", base="base", group="family"
    )
    promise = Promise(
        side=Side.BOTH,
        person=("account", lambda id_: Subject("account", id_, names.get(id_, id_))),
        group=("product_family", lambda id_: Subject("product_family", id_, id_)),
        formula="promotions that ran against another, beyond the share that the agreement lets "
        "pass, a quarter × what promotions cost",
        measure="share of promotions that ran against another",
    )
    yield from kept(watched, watched.cells(rows), promise)


def _says(_: Watched, found: Tested) -> str:
    bad = found.notes["bad"]
    where = "At" if found.variant == "account" else "Of"
    return (
        f"{where} {found.subject.name} {bad:,} of {counted(found.n, 'promotion')} ran in the same "
        f"weeks as another on the same goods, or as another campaign's on the same family: "
        f"{percent(found.observed, 0)}, where the agreement lets {percent(found.expected, 0)} pass."
        f"{of_few(found.n, 'promotion')}"
    )


def _next_step(watched: Watched, found: Tested) -> str:
    whom = f"for {found.subject.name}"
    clause = "promotions.limits" if watched.agreement.promotions else "promotions"
    return (
        f"Lay the next quarter's calendar {whom} side by side, brand's and account's, and move one "
        f"of each pair; let a request name what else runs in its weeks (clause {clause})."
    )


def _own(watched: Watched, found: Tested) -> ir.Table:
    cases = _cases(watched)
    whose = cases.account_id if found.variant == "account" else cases.family
    return cases.filter(whose == found.subject.id)


def _rows(watched: Watched, found: Tested) -> ir.Table:
    own = _own(watched, found)
    clash = own.filter(own.is_clash == 1)
    beyond = max(0.0, 1.0 - found.expected / found.observed) if found.observed else 0.0
    return clash.select(
        "promotion_id",
        "against",
        "account_id",
        "family",
        "campaign_id",
        "starts_on",
        "ends_on",
        "cost",
        weeks_together="together",
        stake_part=clash.base * beyond,
    )


def _other_view(watched: Watched, found: Tested) -> OtherView:
    """Tell who planned what met: how many of them belong to a campaign of marketing."""
    own = _own(watched, found)
    clash = own.filter(own.is_clash == 1)
    whole = int(watched.one(clash.count()) or 0)
    brand = int(watched.one(clash.campaign_id.count()) or 0)
    return OtherView(
        f"Who planned them: {brand:,} of the {counted(whole, 'promotion')} belong to a campaign, "
        f"{whole - brand:,} to the account alone.",
        (("Of a campaign", f"{brand:,}"), ("of the account alone", f"{whole - brand:,}")),
    )


KIND = Kind(
    name="calendar_clash",
    side=Side.BOTH,
    counterpart="calendar_clash",
    variants=MappingProxyType({"account": "account", "product_family": "product_family"}),
    asks="Do promotions run against each other at the same account?",
    measure="Share of the window's promotions that cover a week in which another covers the same "
    "goods at the account, or another campaign's covers their family; held against the share that "
    "the agreement lets any promise be broken (exact binomial).",
    stake="What promotions that met another cost, beyond the share that may slip, a quarter.",
    unit=Unit.POINTS,
    needs=("sell_through", "promotions", "products"),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=_other_view,
    missing=of_other_trade,
)
