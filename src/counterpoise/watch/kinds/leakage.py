"""Concessions above authority that no valid approval covers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.document import Side
from counterpoise.watch.in_force import bound_nobody
from counterpoise.watch.keeping import Promise, kept
from counterpoise.watch.kind import Kind, OtherView, Tested, Unit
from counterpoise.watch.mix import Rows
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import counted, money, of_few, percent

_CENT = Decimal("0.01")
_DISCOUNT = "discount"


def _missing(watched: Watched) -> str:
    return "" if _recorded_since(watched) else "the books record no approvals of discounts"


def _recorded_since(watched: Watched) -> object:
    """Return the day of the first request for a discount on record; None without any.

    What was closed before it may well have been approved: nobody wrote it down.
    """

    def ask() -> object:
        asked = watched.books.table("approvals")
        asked = asked.filter(asked.subject == _DISCOUNT)
        at = ibis.coalesce(asked.requested_at, asked.decided_at)
        found = watched.books.run(asked.aggregate(first=at.min().date(), n=asked.count()))
        row = found.to_pylist()[0]
        return (row["first"] or watched.first) if row["n"] else None

    return watched.share("leakage recorded since", ask)


def _above_authority(watched: Watched) -> ir.Table:
    """Return the won deals of the window that give more than their owner may alone.

    Grain: a deal on which it is known whether all was approved. Adds `leaks` (1 or 0), `above`
    and `leaked`, money a quarter.
    """

    def make() -> ir.Table:
        deals = watched.in_window(watched.judged, "day")
        above = deals.approved + deals.leakage
        unknown = (deals.leakage < _CENT) & (deals.unjudged > 0)
        deals = deals.filter(
            deals.outcome == "won",
            deals.agreement.notnull(),
            above >= _CENT,
            ~unknown,
            deals.day >= ibis.literal(_recorded_since(watched)).cast("date"),
        )
        return deals.mutate(
            leaks=ibis.ifelse(deals.leakage >= _CENT, 1, 0),
            above=(deals.approved + deals.leakage).cast("float64") / watched.quarters,
            leaked=deals.leakage.cast("float64") / watched.quarters,
        )

    return watched.share("leakage deals", make)


def _test(watched: Watched) -> Iterator[Tested]:
    deals = _above_authority(watched)
    rows = Rows(table=deals, subject="owner_id", value="leaks", base="above", group="owner__team")
    promise = Promise(
        side=Side.SALES,
        person=("rep", watched.person),
        group=("team", watched.team),
        formula="leakage of won deals in the window, a quarter",
        measure="share of deals above authority that no valid approval covers",
    )
    leaked = _leaked(watched, deals)
    for tested in kept(watched, watched.cells(rows), promise):
        stake = leaked.get((tested.variant, tested.subject.id), 0.0)
        yield replace(tested, stake=watched.cents(stake))


def _leaked(watched: Watched, deals: ir.Table) -> Mapping[tuple[str, str], float]:
    """Return the leakage a quarter of every rep and team."""
    sums = deals.group_by("owner_id", "owner__team").aggregate(leaked=deals.leaked.sum())
    found: dict[tuple[str, str], float] = {}
    for row in watched.books.run(sums).to_pylist():
        for whose in (("rep", row["owner_id"]), ("team", row["owner__team"])):
            found[whose] = found.get(whose, 0.0) + row["leaked"]
    return found


def _says(watched: Watched, found: Tested) -> str:
    return (
        f"{found.subject.name} gave more than allowed without a valid approval on "
        f"{found.notes['bad']} of {counted(found.n, 'won deal')} above authority "
        f"({percent(found.observed, 0)}; {percent(found.expected, 0)} may happen): "
        f"{money(found.stake, watched.books.workspace.currency)} a quarter leaks."
        f"{bound_nobody(watched)}{of_few(found.n, 'deal')}"
    )


def _next_step(watched: Watched, found: Tested) -> str:
    within = watched.agreement.approvals.respond_within
    answer = f", which answers within {within}" if within else ""
    return (
        f"Let {found.subject.name} ask the desk before the offer goes out{answer}; go through the "
        "three largest deals with whoever should have been asked (clause discounts.limits)."
    )


def _rows(watched: Watched, found: Tested) -> ir.Table:
    deals = _above_authority(watched)
    whose = deals.owner__team if found.variant == "team" else deals.owner_id
    own = deals.filter(whose == found.subject.id, deals.leaks == 1)
    return own.select(
        "deal_id",
        "owner_id",
        "day",
        "list_amount",
        "net_amount",
        "concession",
        "within_authority",
        "approved",
        "leakage",
        "clause",
        stake_part=own.leaked,
    )


def _other_view(watched: Watched, found: Tested) -> OtherView:
    """Tell what they met when they did ask."""
    deals = watched.in_window(watched.judged, "day")
    whose = deals.owner__team if found.variant == "team" else deals.owner_id
    own = deals.filter(whose == found.subject.id).select(own_deal="deal_id")
    asked = watched.view.seen(watched.books.table("approvals"), "requested_at")
    asked = asked.filter(asked.subject == _DISCOUNT)
    asked = asked.inner_join(own, asked.deal_id == own.own_deal)
    hours = (asked.decided_at.epoch_seconds() - asked.requested_at.epoch_seconds()) / 3600.0
    row = watched.books.run(
        asked.aggregate(
            n=asked.count(), refused=(asked.verdict == "refused").sum(), hours=hours.mean()
        )
    ).to_pylist()[0]
    if not row["n"]:
        return OtherView("They never asked for a discount on record.", (("Requests", "0"),))
    refused = percent((row["refused"] or 0) / row["n"], 0)
    waited = "nobody knows how long" if row["hours"] is None else f"{row['hours']:.0f} hours"
    return OtherView(
        f"What they met when they did ask: {counted(row['n'], 'request')}, {refused} of them "
        f"refused, answered after {waited} on average.",
        (("Requests", str(row["n"])), ("Refused", refused), ("Answered after", waited)),
    )


KIND = Kind(
    name="leakage",
    side=Side.SALES,
    counterpart="budget_overrun",
    variants=MappingProxyType({"rep": "person", "team": "team"}),
    asks="Does anyone give more than they may alone, without a valid approval?",
    measure="Share of won deals above authority that carry leakage, against the share that may "
    "miss a promise (exact binomial). What cannot be judged does not count, nor what was closed "
    "before the first request on record.",
    stake="Leakage of won deals in the window, a quarter.",
    unit=Unit.POINTS,
    needs=("deals", "approvals"),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=_other_view,
    missing=_missing,
)
