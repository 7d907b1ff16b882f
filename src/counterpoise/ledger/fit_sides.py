"""How deals go inside each persona and outside: discount, win rate, margin and cycle time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.ledger.cycle import bins, days_of, median_of_bins
from counterpoise.ledger.estimate import Estimate, Sums, difference, mean_of, share_of, sums_by
from counterpoise.ledger.fit import OUTSIDE

FIGURES = ("win_rate", "discount", "margin_per_pursued", "cycle_days")
"""What is told of each side: shares, a share of list, money a deal won or lost, and days."""

INSIDE = "inside"
"""Stands for all personas together."""


@dataclass(frozen=True)
class Side:
    """The figures of some deals; what nothing tells of is None.

    Attributes:
        figures: By the names of `FIGURES`: the win rate of deals won or lost, concessions over
            list of won ones, margin a deal pursued (won or lost), and mean days until won.
        median_days: The median of the days until won.
    """

    figures: Mapping[str, Estimate | None]
    median_days: float | None


@dataclass(frozen=True)
class Sides:
    """Deals inside and outside the personas, each persona by itself, and by how much they differ.

    Attributes:
        inside: All personas together.
        outside: Deals that surely meet none.
        unknown: Deals of which that cannot be told.
        personas: Each persona by its id.
        outside_less_inside: By figure, how far outside lies above inside.
    """

    inside: Side
    outside: Side
    unknown: Side
    personas: Mapping[str, Side]
    outside_less_inside: Mapping[str, Estimate | None]


_Found = Mapping[str, Sums]
_NOTHING: _Found = {name: Sums() for name in FIGURES}


def sides(books: Books, deals: ir.Table) -> Sides:
    """Compare deals by persona.

    Args:
        books: Where the queries run.
        deals: One row a deal, as `deal_table` gives them.
    """
    timed = deals.filter(deals.outcome.isin(("won", "lost")))
    timed = timed.mutate(cycle_days=days_of(timed).clip(lower=0.0))
    table = sums_by(timed, {"persona": timed.persona}, _measures(timed), account_of(timed))
    sums: dict[str | None, _Found] = {
        row["persona"]: {name: Sums.read(row, name) for name in FIGURES}
        for row in books.run(table).to_pylist()
    }
    medians = _medians(books, timed.filter(timed.outcome == "won"))
    inside = _added([each for persona, each in sums.items() if persona])
    outside = sums.get(OUTSIDE, _NOTHING)
    return Sides(
        inside=_side(inside, medians.get(INSIDE)),
        outside=_side(outside, medians.get(OUTSIDE)),
        unknown=_side(sums.get(None, _NOTHING), medians.get(None)),
        personas={
            persona: _side(each, medians.get(f"{INSIDE} {persona}"))
            for persona, each in sorted(sums.items(), key=lambda pair: pair[0] or "")
            if persona
        },
        outside_less_inside={name: difference(outside[name], inside[name]) for name in FIGURES},
    )


def account_of(deals: ir.Table) -> ir.StringValue:
    """Return whose deal it is: a deal of nobody known stands alone."""
    found: ir.StringValue = ibis.coalesce(deals.account_id, ibis.literal("?").concat(deals.deal_id))
    return found


def margin_of(deals: ir.Table) -> ir.FloatingValue:
    """Return what is left of a won deal's net, 0 of one that nobody knows the cost of.

    It is that of the ledger: net less cost, customizations and adjustments.
    """
    spent = deals.cost_amount + deals.customization_cost + deals.adjustment_amount
    left = (deals.net_amount - spent).cast("float64")
    known = (deals.outcome == "won") & deals.list_amount.notnull() & left.notnull()
    found: ir.FloatingValue = ibis.ifelse(known, left, 0.0)
    return found


def _measures(deals: ir.Table) -> dict[str, tuple[ir.Value, ir.Value]]:
    won = deals.outcome == "won"
    one = ibis.literal(1.0)
    nothing = ibis.null("float64")
    return {
        "win_rate": (ibis.ifelse(won, 1.0, 0.0), one),
        "discount": (
            ibis.ifelse(won, deals.concession.cast("float64"), nothing),
            deals.list_amount.cast("float64"),
        ),
        "margin_per_pursued": (margin_of(deals), one),
        "cycle_days": (ibis.ifelse(won, deals.cycle_days, nothing), one),
    }


def _added(found: list[_Found]) -> _Found:
    return {name: sum((each[name] for each in found), Sums()) for name in FIGURES}


def _side(sums: _Found, median: float | None) -> Side:
    found = {name: mean_of(each) for name, each in sums.items()}
    if not sums["margin_per_pursued"].y:  # no cost is known
        found["margin_per_pursued"] = None
    return Side(found | {"win_rate": share_of(sums["win_rate"])}, median)


def _medians(books: Books, won: ir.Table) -> dict[str | None, float]:
    """Return the median days by persona, and of all personas together."""
    is_inside = won.persona != OUTSIDE
    side = ibis.ifelse(is_inside, INSIDE, won.persona)
    own = ibis.ifelse(is_inside, ibis.literal(f"{INSIDE} ").concat(won.persona), won.persona)
    keyed = won.mutate(side=side, own=own)
    binned = books.keep(bins(keyed, ("side", "own")), "fit_cycle")
    found: dict[str | None, float] = {}
    for key in ("side", "own"):
        rows = books.run(median_of_bins(binned, key)).to_pylist()
        found |= {row[key]: row["median"] for row in rows}
    return found
