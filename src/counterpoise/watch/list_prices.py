"""Believing the list: where customers are met when talks begin, and what a rise of the list did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np

from counterpoise.ledger.offers import first_and_last
from counterpoise.watch.deals import NOT_NEGOTIATED, offered, offered_ever
from counterpoise.watch.sample import Sample
from counterpoise.watch.watched import Watched

AROUND = 91
"""Days on each side of a rise that are held against each other."""
_LEAST_RISE = 0.03
"""By how much more than the other families' a family's list must rise to be looked at."""
_LEAST_AFTER = 30
_ROUNDING = 0.0005


def opened(watched: Watched) -> ir.Table:
    """Return the deals of the window that may be negotiated, with their first offers.

    Grain: a deal with an offer and a product family. Adds `first_rate`, `is_below` (the first offer
    is below list) and `given_first`: what it gave on won deals, a quarter.
    """
    deals = _negotiated(offered(watched))
    offers = watched.view.seen(watched.books.table("offers"), "offered_at")
    firsts = first_and_last(offers).select("deal_id", "first_rate")
    found = deals.inner_join(firsts, "deal_id")
    is_below = found.first_rate > _ROUNDING
    given = ibis.ifelse(
        is_below & (found.outcome == "won"), found.first_rate * found.list_value, 0.0
    )
    return found.mutate(is_below=is_below, given_first=given / watched.quarters)


@dataclass(frozen=True)
class Opening:
    """How often talks about a family's goods begin below list, and what that gave a quarter."""

    family: str
    n: int
    below: int
    given: float


def openings_of(watched: Watched) -> list[Opening]:
    """Return every family's openings, in the order of their names."""
    deals = opened(watched)
    found = watched.books.run(
        deals.group_by("product_family")
        .aggregate(n=ibis._.count(), below=ibis._.is_below.sum(), given=ibis._.given_first.sum())
        .order_by("product_family")
    )
    return [
        Opening(row["product_family"], row["n"], row["below"], row["given"] or 0.0)
        for row in found.to_pylist()
    ]


@dataclass(frozen=True)
class Rise:
    """A rise of a family's list on a day, beyond what the other families' rose that day."""

    family: str
    day: dt.date
    beyond: float


def rises_of(watched: Watched) -> Iterator[Rise]:
    """Yield each family's largest rise of the window that has been in force for a month."""
    prices, products = watched.books.table("list_prices"), watched.books.table("products")
    in_time = ibis.window(group_by="product_id", order_by="valid_from")
    before = prices.list_price.lag().over(in_time)
    prices = prices.mutate(
        rise=prices.list_price.cast("float64") / before.cast("float64").nullif(0) - 1
    )
    until = watched.last - dt.timedelta(days=_LEAST_AFTER)
    inside = prices.valid_from.between(ibis.literal(watched.first), ibis.literal(until))
    changed = prices.filter(inside, prices.rise.notnull()).inner_join(
        products.select("product_id", "family"), "product_id"
    )
    known = products.filter(products.family.notnull())
    counts = watched.books.run(known.group_by("family").aggregate(n=ibis._.count()))
    count = {row["family"]: row["n"] for row in counts.to_pylist()}
    summed = changed.filter(changed.family.notnull()).group_by("valid_from", "family")
    rises: dict[dt.date, dict[str, float]] = {}
    for row in watched.books.run(summed.aggregate(rise=ibis._.rise.sum())).to_pylist():
        rises.setdefault(row["valid_from"], {})[row["family"]] = row["rise"] / count[row["family"]]
    for family in sorted(count):
        found = [
            Rise(family, day, by[family] - _others(by, count, family))
            for day, by in sorted(rises.items())
            if family in by
        ]
        largest = max(found, key=lambda each: each.beyond, default=None)
        if largest is not None and largest.beyond >= _LEAST_RISE:
            yield largest


def around(watched: Watched, rise: Rise) -> ir.Table:
    """Return the closed deals of a quarter before a rise and a quarter after it.

    Grain: a deal. Adds `left` (the rate beyond what the mix lets expect), `is_after` and `is_own`.
    """
    deals = _negotiated(offered_ever(watched))
    span = dt.timedelta(days=AROUND)
    near = deals.day.between(ibis.literal(rise.day - span), ibis.literal(rise.day + span))
    return deals.filter(near, deals.outcome != "open").mutate(
        left=deals.rate - deals.expected_rate,
        is_after=deals.day >= ibis.literal(rise.day),
        is_own=deals.product_family == rise.family,
    )


def change_after(watched: Watched, rise: Rise) -> Sample | None:
    """Return by how much a family's rates changed after a rise, beyond those of the others.

    One subject: observed is the family's mean rate after the rise, expected the one before it,
    moved by the others' change and by the mix; None where too few deals tell.
    """
    deals = around(watched, rise)
    sums = watched.books.run(
        deals.group_by("is_own", "is_after").aggregate(
            n=ibis._.count(),
            left=ibis._.left.mean(),
            rate=ibis._.rate.mean(),
            squares=(ibis._.left * ibis._.left).sum(),
        )
    )
    cells = {(row["is_own"], row["is_after"]): row for row in sums.to_pylist()}
    own = [cells.get((True, after)) for after in (False, True)]
    if any(each is None or each["n"] < _LEAST_AFTER for each in own):
        return None
    n = sum(row["n"] for row in cells.values())
    around_means = sum(row["squares"] - row["n"] * row["left"] ** 2 for row in cells.values())
    variance = around_means / max(n - len(cells), 1)
    before, after = cells[True, False], cells[True, True]
    change, error = after["left"] - before["left"], variance * (1 / before["n"] + 1 / after["n"])
    if (False, False) in cells and (False, True) in cells:
        others = cells[False, False], cells[False, True]
        change -= others[1]["left"] - others[0]["left"]
        error += variance * (1 / others[0]["n"] + 1 / others[1]["n"])
    return Sample(
        ids=(rise.family,),
        groups=("",),
        n=np.array([after["n"]]),
        observed=np.array([after["rate"]]),
        expected=np.array([after["rate"] - change]),
        variance=np.array([error]),
        base=np.array([_won_since(watched, rise)]),
    )


def won_since(watched: Watched, rise: Rise) -> ir.Table:
    """Return the deals of a family since the rise, `base` being the list value of won ones."""
    deals = _negotiated(offered(watched))
    own = deals.filter(deals.product_family == rise.family, deals.day >= ibis.literal(rise.day))
    won = ibis.ifelse(own.outcome == "won", own.list_value, 0.0)
    return own.mutate(base=won / watched.quarters)


def _won_since(watched: Watched, rise: Rise) -> float:
    return watched.one(won_since(watched, rise).base.sum()) or 0.0


def _negotiated(deals: ir.Table) -> ir.Table:
    clause = ibis.coalesce(deals.clause, "")
    return deals.filter(
        deals.product_family.notnull(), *(~clause.startswith(each) for each in NOT_NEGOTIATED)
    )


def _others(by: dict[str, float], count: dict[str, int], family: str) -> float:
    """Return the mean rise of the other families' products on that day."""
    products = sum(n for name, n in count.items() if name != family)
    total = sum(rise * count[name] for name, rise in by.items() if name != family)
    return total / products if products else 0.0
