"""Work made to measure outside the limits or the quota, without a valid approval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.document import Side
from counterpoise.desk.judged_customizations import Standing, judged_customizations
from counterpoise.watch.in_force import bound_nobody
from counterpoise.watch.keeping import Promise, kept
from counterpoise.watch.kind import Kind, OtherView, Tested, Unit
from counterpoise.watch.mix import Rows
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import counted, listed, money, of_few, percent


def _made(watched: Watched) -> ir.Table:
    """Return the customizations asked for in the window, of which it is known where they stand.

    Grain: a customization. Adds `is_outside` (1 or 0), and `money`, its cost a quarter.
    """

    def make() -> ir.Table:
        made = judged_customizations(watched.books, watched.agreements, watched.last)
        made = watched.in_window(made, "day")
        made = made.filter(made.agreement.notnull(), made.standing != Standing.UNJUDGED.value)
        made = made.select(
            "customization_id",
            "deal_id",
            "kind",
            "day",
            "owner_id",
            "owner__team",
            "cost",
            "clause",
            "verdict",
            "over_quota",
            "standing",
            is_outside=ibis.ifelse(made.standing == Standing.OUTSIDE.value, 1, 0),
            money=ibis.coalesce(made.cost.cast("float64"), ibis.literal(0.0)) / watched.quarters,
        )
        return watched.books.keep(made, "watch_customizations")

    return watched.share("customizations", make)


def _test(watched: Watched) -> Iterator[Tested]:
    made = _made(watched)
    rows = Rows(
        table=made, subject="owner_id", value="is_outside", base="money", group="owner__team"
    )
    promise = Promise(
        side=Side.SALES,
        person=("rep", watched.person),
        group=("team", watched.team),
        formula="cost of the customizations outside the limits, a quarter",
        measure="share of customizations outside limits or quota without approval",
    )
    outside = _outside(watched, made)
    for tested in kept(watched, watched.cells(rows), promise):
        stake = outside.get((tested.variant, tested.subject.id), 0.0)
        yield replace(tested, stake=watched.cents(stake))


def _outside(watched: Watched, made: ir.Table) -> Mapping[tuple[str, str], float]:
    """Return what each rep and team spends outside the limits a quarter."""
    made = made.filter(made.is_outside == 1)
    sums = made.group_by("owner_id", "owner__team").aggregate(spent=made.money.sum())
    found: dict[tuple[str, str], float] = {}
    for row in watched.books.run(sums).to_pylist():
        for whose in (("rep", row["owner_id"]), ("team", row["owner__team"])):
            found[whose] = found.get(whose, 0.0) + row["spent"]
    return found


def _own(watched: Watched, found: Tested) -> ir.Table:
    made = _made(watched)
    whose = made.owner__team if found.variant == "team" else made.owner_id
    return made.filter(whose == found.subject.id, made.is_outside == 1)


def _says(watched: Watched, found: Tested) -> str:
    return (
        f"{found.notes['bad']} of {counted(found.n, 'customization')} of {found.subject.name} "
        "stand outside the limits or the quota without a valid approval "
        f"({percent(found.observed, 0)}; {percent(found.expected, 0)} may happen): "
        f"{money(found.stake, watched.books.workspace.currency)} a quarter."
        f"{bound_nobody(watched)}{of_few(found.n, 'customization')}"
    )


def _next_step(watched: Watched, found: Tested) -> str:
    own = _own(watched, found)
    rows = own.group_by("kind").aggregate(n=own.count())
    kinds = sorted(watched.books.run(rows).to_pylist(), key=lambda row: (-row["n"], row["kind"]))
    limits = {row.kind for row in watched.agreement.customizations.limits}
    unlisted = [row["kind"] for row in kinds[:3] if row["kind"] not in limits]
    if not unlisted:
        return (
            f"Go through the costliest ones with {found.subject.name}: what was asked, who could "
            "have allowed it (clause customizations.limits), and what to offer instead."
        )
    names = listed([name.replace("_", " ") for name in unlisted])
    return (
        f"Decide together whether {names} is sold at all: write a limit for it into the agreement "
        f"(clause customizations.limits), or let {found.subject.name} stop offering it."
    )


def _rows(watched: Watched, found: Tested) -> ir.Table:
    own = _own(watched, found)
    return own.select(
        "customization_id",
        "deal_id",
        "kind",
        "day",
        "owner_id",
        "cost",
        "clause",
        "verdict",
        "over_quota",
        stake_part=own.money,
    )


def _other_view(watched: Watched, found: Tested) -> OtherView:
    """Tell what the special wishes brought: how many of these deals were won, and for how much."""
    own = _own(watched, found).select(made_for="deal_id").distinct()
    deals = watched.judged
    deals = deals.inner_join(own, deals.deal_id == own.made_for)
    won = deals.outcome == "won"
    closed = won | (deals.outcome == "lost")
    row = watched.books.run(
        deals.aggregate(won=won.sum(), closed=closed.sum(), net=deals.net_amount.sum(where=won))
    ).to_pylist()[0]
    net = money(row["net"] or 0, watched.books.workspace.currency)
    told = f"{row['won'] or 0} of {row['closed'] or 0}"
    return OtherView(
        f"What it brought: {told} of these deals that are closed were won, for {net}.",
        (("Won of closed", told), ("Net revenue", net)),
    )


KIND = Kind(
    name="customization_sprawl",
    side=Side.SALES,
    counterpart="promotion_collision",
    variants=MappingProxyType({"rep": "person", "team": "team"}),
    asks="Does anyone tailor beyond what the agreement allows?",
    measure="Share of customizations outside the limits or the quota that no valid approval "
    "covers, against the share that may miss a promise (exact binomial).",
    stake="Cost of these customizations, a quarter.",
    unit=Unit.POINTS,
    needs=("deals", "customizations"),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=_other_view,
)
