"""Realization that falls from deal to deal of the same customer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import ibis.expr.types as ir
import numpy as np

from counterpoise.agreement.document import Side
from counterpoise.ledger.crack import Subject
from counterpoise.watch.deals import share_of
from counterpoise.watch.judge import (
    FEWEST_PEERS,
    FEWEST_ROWS,
    Judgement,
    against_few,
    against_peers,
    alone,
)
from counterpoise.watch.kind import Kind, OtherView, Tested, Unit
from counterpoise.watch.pictures import among_peers
from counterpoise.watch.repeats import (
    FEWEST_DEALS,
    MOST_ACCOUNTS,
    accounts_of,
    repeated,
    segments_of,
)
from counterpoise.watch.sample import Sample
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import counted, listed, of_few, percent, points

_SMALLEST = {"segment": 0.005, "account": 0.015}
"""Points a repeat deal that are worth a talk."""
_MEASURE = "points of discount added by each repeat deal of the same customer"


def _test(watched: Watched) -> Iterator[Tested]:
    segments = segments_of(watched)
    segments = segments.where(segments.n >= FEWEST_ROWS)
    yield from _tests(watched, "segment", segments, against_few(segments), {})
    accounts = accounts_of(watched)
    are_peers = accounts.size >= FEWEST_PEERS
    found = against_peers(accounts, rows=FEWEST_DEALS) if are_peers else alone(accounts)
    yield from _tests(watched, "account", accounts, found, _names(watched, accounts.ids))


def _tests(
    watched: Watched,
    variant: str,
    subjects: Sample,
    found: Judgement,
    names: Mapping[str, str],
) -> Iterator[Tested]:
    material = float(watched.agreement.watch.material)
    for at, id_ in enumerate(subjects.ids):
        base, p = float(subjects.base[at]), float(found.p[at])
        if base * _SMALLEST[variant] < material or np.isnan(p):
            continue
        over = max(0.0, float(subjects.observed[at] - found.expected[at]))
        yield Tested(
            variant=variant,
            subject=Subject(variant, id_, names.get(id_) or id_),
            side=Side.BOTH,
            observed=float(subjects.observed[at]),
            expected=float(found.expected[at]),
            low=float(found.low[at]),
            high=float(found.high[at]),
            n=int(subjects.n[at]),
            p=p,
            stake=watched.cents(over * base),
            stake_formula="points added by a repeat deal beyond what is expected × deals before × "
            "list value of won deals, a quarter",
            since=watched.first,
            picture=among_peers(subjects, found, id_, _MEASURE),
        )


def _names(watched: Watched, ids: Sequence[str]) -> dict[str, str]:
    accounts = watched.books.table("accounts")
    named = accounts.filter(accounts.account_id.isin(list(ids))).select("account_id", "name")
    return {row["account_id"]: row["name"] for row in watched.books.run(named).to_pylist()}


def _theirs(watched: Watched, found: Tested) -> ir.Table:
    deals = repeated(watched)
    own = deals.account__segment if found.variant == "segment" else deals.account_id
    return deals.filter(own == found.subject.id)


def _says(_: Watched, found: Tested) -> str:
    whose = "customers in" if found.variant == "segment" else "the customer"
    added = points(found.observed)
    return (
        f"With each repeat deal {whose} {found.subject.name} "
        f"{'get' if found.variant == 'segment' else 'gets'} {added} more discount, where "
        f"{points(max(0.0, found.expected))} more is expected at the same mix."
        f"{of_few(found.n, 'deal')}"
    )


def _next_step(watched: Watched, found: Tested) -> str:
    levers = [each.id.replace("_", " ") for each in watched.agreement.discounts.levers]
    bring = f": one of {listed(levers)}" if levers else ""
    return (
        f"Before the next deal with {found.subject.name}, both sides agree what the customer gives "
        f"for the last discount to stand{bring}; and which value is new since the first deal."
    )


def _rows(watched: Watched, found: Tested) -> ir.Table:
    own = _theirs(watched, found)
    own = own.filter(own.day >= watched.first)
    return own.select(
        "deal_id",
        "day",
        "outcome",
        "account_id",
        "list_amount",
        "net_amount",
        "rate",
        deals_before=own.repeat,
        stake_part=own.base * max(0.0, found.observed - found.expected),
    )


def _other_view(watched: Watched, found: Tested) -> OtherView:
    own = _theirs(watched, found)
    first = watched.one(own.filter(own.repeat == 0).list_value.mean()) or 0.0
    later = watched.one(own.filter(own.repeat > 0).list_value.mean()) or 0.0
    contested = watched.one(share_of(own.filter(own.repeat > 0).is_contested)) or 0.0
    grown = later / first - 1 if first else 0.0
    size = f"{percent(abs(grown), 0)} {'larger' if grown >= 0 else 'smaller'}"
    return OtherView(
        f"What came with it: repeat deals are {size} at list than first ones, and a competitor was "
        f"named on {percent(contested, 0)} of them.",
        (("Repeat deals at list", size), ("Contested", percent(contested, 0))),
    )


KIND = Kind(
    name="price_erosion",
    side=Side.BOTH,
    counterpart="goal_gap",
    variants=MappingProxyType({"segment": "segment", "account": "account"}),
    asks="Does the same customer pay less with every further deal?",
    measure="Slope of the rate over the deals that the same customer began before, within "
    "customers, adjusted for mix, over three years. Segments against the other segments, by errors "
    f"clustered by customer; the {MOST_ACCOUNTS} customers with the most money of those with "
    f"{counted(FEWEST_DEALS, 'deal')} against each other.",
    stake="Points added by a repeat deal × deals before × list value of won deals, a quarter.",
    unit=Unit.POINTS,
    needs=("deals", "accounts"),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=_other_view,
)
