"""A list price that nobody believes: talks begin below it, or its rise is given back at once."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

import ibis
import ibis.expr.types as ir
import numpy as np

from counterpoise.agreement.document import Side
from counterpoise.ledger.crack import Subject
from counterpoise.watch.deals import share_of
from counterpoise.watch.judge import FEWEST_ROWS, NORMAL_95, alone, binomial, share_interval
from counterpoise.watch.kind import Kind, OtherView, Tested, Unit
from counterpoise.watch.list_prices import (
    Rise,
    change_after,
    opened,
    openings_of,
    rises_of,
    won_since,
)
from counterpoise.watch.picture import Axis, Mark, Picture
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import counted, of_few, percent, points

_NEARLY_ALL = 0.80
"""More than this share of talks that begin below list is nearly all of them."""
_HAGGLING = 0.25
"""Up to this share of a rise that is given back is haggling."""


def _test(watched: Watched) -> Iterator[Tested]:
    if watched.books.has("offers"):
        yield from _of_families(watched)
    if watched.books.has("list_prices") and watched.books.has("products"):
        for rise in rises_of(watched):
            yield from _of_rise(watched, rise)


def _of_families(watched: Watched) -> Iterator[Tested]:
    openings = openings_of(watched)
    ends = [share_interval(each.below, each.n) for each in openings]
    for each, (low, high) in zip(openings, ends, strict=True):
        if each.n < FEWEST_ROWS or not _is_large(watched, each.given * (1 - _NEARLY_ALL)):
            continue
        share = each.below / each.n
        over = max(0.0, share - _NEARLY_ALL) / max(share, 1e-9)
        marks = tuple(
            Mark(every.family, every.below / every.n, *end, every.n, every is each)
            for every, end in zip(openings, ends, strict=True)
        )
        yield Tested(
            variant="family",
            subject=Subject("product_family", each.family, each.family),
            side=Side.MARKETING,
            observed=share,
            expected=_NEARLY_ALL,
            low=low,
            high=high,
            n=each.n,
            p=float(binomial(np.array([each.below]), np.array([each.n]), _NEARLY_ALL)[0]),
            stake=watched.cents(over * each.given),
            stake_formula="share of talks begun below list beyond four in five × what first offers "
            "gave on won deals, a quarter",
            since=watched.first,
            picture=Picture(Axis.PEERS, marks, _NEARLY_ALL, "share of talks begun below list"),
            notes={"over": over},
        )


def _of_rise(watched: Watched, rise: Rise) -> Iterator[Tested]:
    found = change_after(watched, rise)
    if found is None or not _is_large(watched, float(found.base[0]) * rise.beyond):
        return
    change = float(found.effect[0])
    judged = alone(found.moved(_HAGGLING * rise.beyond))
    half = NORMAL_95 * float(np.sqrt(found.variance[0]))
    observed, before = float(found.observed[0]), float(found.expected[0])
    marks = (
        Mark("before", before, n=0),
        Mark(
            rise.day.isoformat(), observed, observed - half, observed + half, int(found.n[0]), True
        ),
    )
    yield Tested(
        variant="list_change",
        subject=Subject("product_family", rise.family, rise.family),
        side=Side.MARKETING,
        observed=observed,
        expected=before,
        low=observed - half,
        high=observed + half,
        n=int(found.n[0]),
        p=float(judged.p[0]),
        stake=watched.cents(max(0.0, change) * float(found.base[0])),
        stake_formula="points of discount added after the rise beyond other families' × list value "
        "of deals won since, a quarter",
        since=rise.day,
        picture=Picture(Axis.TIME, marks, before, "average discount before and after the rise"),
        notes={"rise": rise, "over": max(0.0, change)},
    )


def _is_large(watched: Watched, money: float) -> bool:
    return money >= float(watched.agreement.watch.material)


def _rise(found: Tested) -> Rise:
    rise = found.notes["rise"]
    assert isinstance(rise, Rise)
    return rise


def _says(_: Watched, found: Tested) -> str:
    name = found.subject.name
    if found.variant == "family":
        return (
            f"Nearly every talk about {name} begins below its list price: "
            f"{percent(found.observed, 0)} of {counted(found.n, 'deal')}, before anybody haggled."
            f"{of_few(found.n, 'deal')}"
        )
    return (
        f"The list of {name} rose by {percent(_rise(found).beyond)} more than that of other goods "
        f"on {found.since}, and discounts on it deepened by "
        f"{points(found.observed - found.expected)} at once.{of_few(found.n, 'deal')}"
    )


def _next_step(watched: Watched, found: Tested) -> str:
    name = found.subject.name
    goods = [each for each in watched.agreement.values if name in str(each.when.written())]
    proof = f" (“{goods[0].says}”)" if goods else ""
    if found.variant == "family":
        return (
            f"Marketing and three sellers of {name} decide together: what would make its list "
            f"price credible at the first offer{proof}, or which list price would be."
        )
    return (
        f"Ask five sellers of {name} what customers were told about the rise; give them the reason "
        f"for it in one sentence{proof}, or take back the part that nobody pays."
    )


def _rows(watched: Watched, found: Tested) -> ir.Table:
    columns = ("deal_id", "day", "outcome", "owner_id", "list_amount", "net_amount", "rate")
    over = float(str(found.notes["over"]))
    if found.variant == "list_change":
        deals = won_since(watched, _rise(found))
        return deals.select(*columns, stake_part=deals.base * over)
    deals = opened(watched)
    deals = deals.filter(deals.product_family == found.subject.id, deals.is_below)
    return deals.select(*columns, first_rate="first_rate", stake_part=deals.given_first * over)


def _other_view(watched: Watched, found: Tested) -> OtherView:
    if found.variant == "list_change":
        deals = won_since(watched, _rise(found))
    else:
        deals = opened(watched).filter(ibis._.product_family == found.subject.id)
    contested = watched.one(share_of(deals.is_contested)) or 0.0
    decided = deals.filter(deals.outcome.isin(["won", "lost"]))
    won = watched.one(share_of(decided.outcome == "won")) or 0.0
    return OtherView(
        f"What sales met: a competitor was named on {percent(contested, 0)} of these deals, and "
        f"{percent(won, 0)} of those decided were won.",
        (("Contested", percent(contested, 0)), ("Won of decided", percent(won, 0))),
    )


def _missing(watched: Watched) -> str:
    if watched.books.has("offers") or watched.books.has("list_prices"):
        return ""
    return "the books hold neither offers, to see the first one, nor list prices by day"


KIND = Kind(
    name="list_not_believed",
    side=Side.MARKETING,
    counterpart="discount_drift",
    variants=MappingProxyType({"family": "product_family", "list_change": "product_family"}),
    asks="Does nearly everyone open below list, or was a rise of the list given back at once?",
    measure="Share of deals that may be negotiated whose first offer is below list, by the exact "
    "binomial against four in five; and, for a family whose list rose by at least 3 % more than "
    "others', the change of rates from the quarter before to the quarter after, beyond the other "
    "families' change, against a quarter of the rise.",
    stake="Family: share beyond four in five × what first offers gave on won deals, a quarter. "
    "Rise: points added × list value of deals won since, a quarter.",
    unit=Unit.POINTS,
    needs=("deals",),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=_other_view,
    missing=_missing,
)
