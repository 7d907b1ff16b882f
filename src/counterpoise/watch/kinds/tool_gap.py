"""Deals lost to a competitor against whom sellers have nothing in hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

import ibis
import ibis.expr.types as ir
import numpy as np

from counterpoise.agreement.document import Side
from counterpoise.ledger.crack import Subject
from counterpoise.watch.clusters import clustered_sums, variance_of
from counterpoise.watch.earnings import earnings
from counterpoise.watch.judge import FEWEST_ROWS, Judgement, against_rest
from counterpoise.watch.kind import Kind, OtherView, Tested, Unit
from counterpoise.watch.mix import Cells, Rows
from counterpoise.watch.pictures import among_peers
from counterpoise.watch.sample import Floats, Sample
from counterpoise.watch.steps import slice_day, step
from counterpoise.watch.tool_fit import tools
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import counted, of_few, percent

_SMALLEST = 0.05
MIX = (
    "account__segment",
    "account__industry",
    "owner__team",
    "source",
    "kind",
    "is_outside",
    "product_family",
    "size_band",
    "quarter",
)
"""What losing is adjusted for: who the customer is, where the deal came from, and what is sold.

What a family loses is told by the deals without a competitor.
"""


def _missing(watched: Watched) -> str:
    seen = watched.one(_contested(watched).count())
    return "" if seen else "no decided deal names a competitor and a product family"


def _decided(watched: Watched) -> ir.Table:
    """Return the deals won or lost in the window.

    Grain: a deal. Adds `pair` (competitor|family, NULL where nobody competed), `lost` (1 or 0),
    `base` (what a deal of its list value earns where it is won, a quarter) and factors of `MIX`.
    """
    known = earnings(watched)
    deals = known.deals
    listed = ibis.coalesce(deals.list_amount.cast("float64"), 0.0)
    return deals.mutate(
        pair=deals.competitor + "|" + deals.product_family,
        lost=(deals.outcome == "lost").cast("int32"),
        base=listed * max(0.0, known.per_list) / watched.quarters,
        size_band=(listed.nullif(0.0).log10() * 2).floor().cast("int16"),
        quarter=deals.day.year() * 4 + deals.day.quarter(),
    )


def _contested(watched: Watched) -> ir.Table:
    deals = _decided(watched)
    return deals.filter(deals.pair.notnull())


def _covered(watched: Watched, pair: str) -> bool:
    """Tell whether a tool is made for a competitor, in a family or in all of them."""
    rival, family = (each.casefold() for each in pair.split("|", 1))
    return any(
        each.competitor is not None
        and each.competitor.casefold() == rival
        and (each.product_family is None or each.product_family.casefold() == family)
        for each in tools(watched)
    )


def _test(watched: Watched) -> Iterator[Tested]:
    """Hold each pair without a tool against all other pairs.

    That competitors differ in strength excuses nobody: against a strong one a tool is needed most.
    """
    rows = Rows(_decided(watched), subject="pair", value="lost", base="base", mix=MIX)
    cells = watched.cells(rows)
    pairs, freedom = _clustered(watched, cells.people())
    found = against_rest(pairs, freedom)
    reach = pairs.base * _SMALLEST
    large = (pairs.n >= FEWEST_ROWS) & (reach >= float(watched.agreement.watch.material))
    for at in np.flatnonzero(large & np.isfinite(found.p)).tolist():
        if not _covered(watched, pairs.ids[at]):
            yield _tested(watched, cells, pairs, found, at)


def _clustered(watched: Watched, pairs: Sample) -> tuple[Sample, Floats]:
    """Widen variances by how far losses to one account hang together; return accounts less one."""
    deals = _contested(watched)
    accounts = deals.group_by(
        deals.pair, cluster=ibis.coalesce(deals.account_id, deals.deal_id)
    ).aggregate(n=ibis._.count().cast("float64"), total=ibis._.lost.sum().cast("float64"))
    sums = accounts.group_by("pair").aggregate(*clustered_sums())
    found = {row["pair"]: row for row in watched.books.run(sums).to_pylist()}
    rows = [found[pair] for pair in pairs.ids]
    by_row = np.array([row["total"] / row["n"] * (1 - row["total"] / row["n"]) for row in rows])
    apart = by_row / np.maximum(pairs.n, 1)
    together = np.array([variance_of(row) for row in rows])
    wider = np.maximum(1.0, together / np.where(apart > 0, apart, np.inf))
    freedom = np.array([max(row["clusters"] - 1.0, 1.0) for row in rows])
    return replace(pairs, variance=pairs.variance * wider), freedom


def _tested(watched: Watched, cells: Cells, pairs: Sample, found: Judgement, at: int) -> Tested:
    pair, slices = pairs.ids[at], cells.over_time(pairs.ids[at])
    level = float(found.expected[at] - pairs.expected[at])
    place = step(slices.effect - level, slices.n.astype(float), cells.sigma2)
    over = float(pairs.observed[at] - found.expected[at])
    return Tested(
        variant="competitor",
        subject=Subject("competitor|product_family", pair, pair.replace("|", " in ", 1)),
        side=Side.MARKETING,
        observed=float(pairs.observed[at]),
        expected=float(found.expected[at]),
        low=float(found.low[at]),
        high=float(found.high[at]),
        n=int(pairs.n[at]),
        p=float(found.p[at]),
        stake=watched.cents(over * float(pairs.base[at])),
        stake_formula="share lost above what is expected × what the deals decided there would earn "
        f"if won ({earnings(watched).word}), a quarter",
        since=slice_day(watched, int(slices.ids[place])),
        picture=among_peers(pairs, found, pair, "share of contested deals lost, at the same mix"),
    )


def _says(_: Watched, found: Tested) -> str:
    return (
        f"Against {found.subject.name} {percent(found.observed, 0)} of the deals are lost, where "
        f"{percent(found.expected, 0)} is what such deals lose against others, and sellers have no "
        f"tool made for it.{of_few(found.n, 'deal')}"
    )


def _next_step(_: Watched, found: Tested) -> str:
    rival, family = found.subject.id.split("|", 1)
    return (
        f"Make a battle card for {family} against {rival}: ask the sellers of the last three "
        "deals lost there what they would have needed, and give a date for it."
    )


def _own(watched: Watched, found: Tested) -> ir.Table:
    deals = _contested(watched)
    return deals.filter(deals.pair == found.subject.id)


def _rows(watched: Watched, found: Tested) -> ir.Table:
    own = _own(watched, found)
    return own.select(
        "deal_id",
        "day",
        "outcome",
        "owner_id",
        "competitor",
        "product_family",
        "loss_reason",
        "list_amount",
        "net_amount",
        stake_part=own.base * max(0.0, found.observed - found.expected),
    )


def _other_view(watched: Watched, found: Tested) -> OtherView:
    """Tell what sellers fell back on there: the price."""
    every, own = _contested(watched), _own(watched, found)
    rate = _rate(watched, own), _rate(watched, every)
    sellers = int(watched.one(own.owner_id.nunique()) or 0)
    said = own.filter(own.outcome == "lost", own.loss_reason.notnull())
    reasons = said.group_by("loss_reason").aggregate(n=ibis._.count())
    top = watched.books.run(reasons.order_by(ibis.desc("n"), "loss_reason").limit(1)).to_pylist()
    why = f" Lost most often for: {top[0]['loss_reason']}." if top else ""
    return OtherView(
        f"{counted(sellers, 'seller')} met them there and offered {percent(rate[0])} discount, "
        f"{percent(rate[1])} on all contested deals.{why}",
        (("Discount offered there", percent(rate[0])), ("on contested deals", percent(rate[1]))),
    )


def _rate(watched: Watched, deals: ir.Table) -> float:
    priced = deals.filter(deals.priced, deals.list_amount > 0)
    given = priced.list_amount.cast("float64") - priced.net_amount.cast("float64")
    return watched.one(given.sum() / priced.list_amount.cast("float64").sum()) or 0.0


KIND = Kind(
    name="tool_gap",
    side=Side.MARKETING,
    counterpart="tools_unused",
    variants=MappingProxyType({"competitor": "competitor|product_family"}),
    asks="Are deals lost to a competitor in a family where sellers have no tool?",
    measure="Share of decided deals lost, of each pair of competitor and family, adjusted for "
    "customer, source, kind, family, size, team and quarter; against all other pairs together, "
    "with errors by account. Only pairs for which nobody made a tool are asked about.",
    stake="Share lost above what is expected × what the deals there would earn if won, a quarter.",
    unit=Unit.POINTS,
    needs=("deals", "tools"),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=_other_view,
    missing=_missing,
)
