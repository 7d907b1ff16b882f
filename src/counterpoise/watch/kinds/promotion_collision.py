"""A promotion and a negotiated discount on the same goods, for the same customer, at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from counterpoise.agreement.document import Side
from counterpoise.ledger.crack import Subject
from counterpoise.watch.judge import binomial, share_interval
from counterpoise.watch.kind import Kind, OtherView, Tested, Unit
from counterpoise.watch.picture import Axis, Mark, Picture
from counterpoise.watch.promoted import promoted_deals
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import counted, money, of_few, percent


def _test(watched: Watched) -> Iterator[Tested]:
    deals = promoted_deals(watched)
    if deals is None:
        return
    sums = deals.group_by("campaign", "family").aggregate(
        n=ibis._.count(),
        bad=ibis._.is_both.cast("int32").sum(),
        cut=ibis._.cut.sum(),
        twice=ibis._.twice.sum(),
        first=ibis._.day.min(where=ibis._.is_both),
    )
    found = watched.books.run(sums.order_by("campaign", "family")).to_pylist()
    material = float(watched.agreement.watch.material)
    large = [row for row in found if row["cut"] / watched.quarters >= material]
    for row in large:
        yield _tested(watched, row, large)


def _allowed(watched: Watched) -> float:
    return 1.0 - float(watched.agreement.watch.promises_kept)


def _tested(watched: Watched, row: Mapping[str, Any], peers: list[dict[str, Any]]) -> Tested:
    bad, n, allowed = int(row["bad"]), int(row["n"]), _allowed(watched)
    low, high = share_interval(bad, n)
    return Tested(
        variant="campaign",
        subject=_subject(watched, row),
        side=Side.MARKETING,
        observed=bad / n,
        expected=allowed,
        low=low,
        high=high,
        n=n,
        p=float(binomial(np.array([bad]), np.array([n]), allowed)[0]),
        stake=watched.cents(float(row["twice"]) / watched.quarters),
        stake_formula="the smaller of promotion and negotiated discount on each deal that carries "
        "both, a quarter",
        since=row["first"] or watched.first,
        picture=_picture(row, peers, allowed),
    )


def _subject(watched: Watched, row: Mapping[str, Any]) -> Subject:
    names, family = watched.names["campaign"], row["family"]
    name = names.get(row["campaign"], row["campaign"])
    return Subject("campaign|product_family", f"{row['campaign']}|{family}", f"{name} ({family})")


def _picture(row: Mapping[str, Any], peers: list[dict[str, Any]], allowed: float) -> Picture:
    marks = []
    for each in peers:
        low, high = share_interval(int(each["bad"]), int(each["n"]))
        label = f"{each['campaign']}|{each['family']}"
        share = each["bad"] / each["n"]
        marks.append(Mark(label, share, low, high, int(each["n"]), each is row))
    measure = "share of deals on promoted goods that carry a negotiated discount too"
    return Picture(Axis.PEERS, tuple(marks), allowed, measure)


def _both(watched: Watched, found: Tested) -> ir.Table:
    deals = promoted_deals(watched)
    assert deals is not None
    campaign, family = found.subject.id.rsplit("|", 1)
    return deals.filter(deals.campaign == campaign, deals.family == family, deals.is_both)


def _says(_: Watched, found: Tested) -> str:
    family = found.subject.id.rsplit("|", 1)[1]
    bad = round(found.observed * found.n)
    return (
        f"{found.subject.name} cuts the price of {family} for customers who get a negotiated "
        f"discount on it at the same time: {bad:,} of {counted(found.n, 'deal')} on the promoted "
        f"goods carry both.{of_few(found.n, 'deal')}"
    )


def _next_step(watched: Watched, found: Tested) -> str:
    family = found.subject.id.rsplit("|", 1)[1]
    told = (
        f"Tell the owners of open {family} deals before the next offer starts, and have the desk "
        "count the promotion towards the discount: one cut a customer at a time"
    )
    if watched.agreement.promotions is None:
        return f"{told}. The agreement has no word on promotions yet: add one."
    return f"{told}, as `promotions.limits` does for weeks on deal."


def _rows(watched: Watched, found: Tested) -> ir.Table:
    both = _both(watched, found)
    return both.select(
        "deal_id",
        "day",
        "account_id",
        "owner_id",
        "listed",
        "cut",
        "given",
        stake_part=both.twice / watched.quarters,
    )


def _other_view(watched: Watched, found: Tested) -> OtherView:
    """Tell what sellers gave there, and what they give on the same goods without a promotion."""
    both, currency = _both(watched, found), watched.books.workspace.currency
    family = found.subject.id.rsplit("|", 1)[1]
    here = watched.one(both.given.sum() / both.listed.sum()) or 0.0
    deals = watched.in_window(watched.judged, "day")
    deals = deals.filter(deals.outcome == "won", deals.product_family == family, deals.priced)
    deals = deals.filter(deals.list_amount > 0).anti_join(both, "deal_id")
    listed = deals.list_amount.cast("float64").sum()
    usual = watched.one(deals.concession.cast("float64").sum() / listed) or 0.0
    cut = watched.one(both.cut.sum()) or 0.0
    return OtherView(
        f"Sellers gave {percent(here)} on these deals, {percent(usual)} on other {family} deals; "
        f"the promotion took another {money(cut, currency)} off.",
        (("Negotiated on top", percent(here)), ("on other deals", percent(usual))),
    )


KIND = Kind(
    name="promotion_collision",
    side=Side.MARKETING,
    counterpart="customization_sprawl",
    variants=MappingProxyType({"campaign": "campaign|product_family"}),
    asks="Do customers get a promotion and a negotiated discount on the same goods at once?",
    measure="Of the won deals on goods whose price a promotion cut for that customer on that day, "
    "the share that carries a negotiated discount too; a discount within half a point of the "
    "promotion's depth is taken for the promotion itself. Exact binomial against the share that "
    "the agreement lets any promise be broken.",
    stake="The smaller of the two cuts on each deal that carries both, a quarter.",
    unit=Unit.POINTS,
    needs=("deals", "deal_lines", "promotions"),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=_other_view,
)
