"""Deeper discounts than peers give on the same mix, or than the subject gave before."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.document import Side
from counterpoise.watch.comparing import Question, compare
from counterpoise.watch.deals import offered, offered_ever, share_of
from counterpoise.watch.kind import Kind, OtherView, Tested, Unit
from counterpoise.watch.mix import Rows
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import of_few, percent, points

_SMALLEST = 0.02


def _test(watched: Watched) -> Iterator[Tested]:
    deals = offered_ever(watched)
    won = ibis.ifelse(deals.outcome == "won", deals.list_value, 0.0) / watched.quarters
    rows = Rows(
        table=deals.mutate(base=won),
        subject="owner_id",
        value="rate",
        base="base",
        expected="expected_rate",
        group="owner__team",
        window_first=watched.first,
    )
    question = Question(
        side=Side.SALES,
        person=("rep", watched.person),
        group=("team", watched.team),
        smallest=_SMALLEST,
        formula="points above what is expected × list value of won deals a quarter",
        measure="average discount at the same mix of deals",
    )
    yield from compare(watched, watched.cells(rows), question)


def _says(_: Watched, found: Tested) -> str:
    than = "before, beyond what colleagues did" if found.by_past else "colleagues on the same mix"
    return (
        f"{found.subject.name} gives {points(found.observed - found.expected)} more discount than "
        f"{than}: {percent(found.observed)} where {percent(found.expected)} is expected."
        f"{of_few(found.n, 'deal')}"
    )


def _next_step(_: Watched, found: Tested) -> str:
    whom = found.subject.name
    return (
        f"Go through the three deepest deals with {whom} beside the counter-offers that were "
        "available, and agree what to try first instead of price."
    )


def _theirs(watched: Watched, found: Tested) -> ir.Table:
    deals = offered(watched)
    whose = deals.owner__team if found.variant == "team" else deals.owner_id
    return deals.filter(whose == found.subject.id)


def _rows(watched: Watched, found: Tested) -> ir.Table:
    own = _theirs(watched, found)
    if found.by_past:
        own = own.filter(own.day >= watched.recent_first)
    over = ibis.ifelse(own.outcome == "won", own.list_value, 0.0) / watched.quarters
    return own.select(
        "deal_id",
        "day",
        "outcome",
        "list_amount",
        "net_amount",
        "rate",
        "clause",
        stake_part=over * max(0.0, found.observed - found.expected),
    )


def _other_view(watched: Watched, found: Tested) -> OtherView:
    contested = watched.one(share_of(_theirs(watched, found).is_contested))
    everyone = watched.one(share_of(offered(watched).is_contested))
    return OtherView(
        "What they were up against: a competitor was named on "
        f"{percent(contested or 0.0, 0)} of their deals, on {percent(everyone or 0.0, 0)} of all.",
        (
            ("Contested deals", percent(contested or 0.0, 0)),
            ("of all", percent(everyone or 0.0, 0)),
        ),
    )


KIND = Kind(
    name="discount_drift",
    side=Side.SALES,
    counterpart="list_not_believed",
    variants=MappingProxyType({"rep": "person", "team": "team"}),
    asks="Does anyone give deeper discounts than peers on the same mix of deals, or than before?",
    measure="Average rate of every deal with an offer on record, adjusted for the mix of deals; "
    "against peers, and the last 182 days against before, as far back as two years before the "
    "window.",
    stake="Points above what is expected × list value of won deals, a quarter.",
    unit=Unit.POINTS,
    needs=("deals",),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=_other_view,
)
