"""Customers outside every persona who earn well: a persona that nobody wrote."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

import ibis.expr.types as ir
import numpy as np

from counterpoise.agreement.document import Side
from counterpoise.ledger.crack import Subject
from counterpoise.watch.earnings import earnings
from counterpoise.watch.judge import FEWEST_PEERS, FEWEST_ROWS, NORMAL_95, Judgement, alone
from counterpoise.watch.kind import Kind, OtherView, Tested, Unit
from counterpoise.watch.outside import Contrast, Outside, expected_earnings, outside
from counterpoise.watch.picture import Axis, Mark, Picture
from counterpoise.watch.sample import Flags, Sample
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import counted, of_few, percent

_SMALLEST = 0.02
"""The smallest lead worth a talk, of list."""


def _missing(watched: Watched) -> str:
    return "" if watched.agreement.personas else "the agreement names no persona"


def _test(watched: Watched) -> Iterator[Tested]:
    sums = outside(watched)
    for by in ("industry", "segment"):
        found = {
            name: contrast
            for name in sums.names(by)
            if (contrast := sums.against_inside(sums.of(by, name))) and _is_large(watched, contrast)
        }
        judged = _judged([*found.values()])
        for at, (name, contrast) in enumerate(found.items()):
            member, p_without = _cause(sums, by, name)
            yield Tested(
                variant=by,
                subject=Subject(by, name, name),
                side=Side.MARKETING,
                observed=contrast.observed,
                expected=contrast.expected,
                low=float(judged.low[at]),
                high=float(judged.high[at]),
                n=contrast.n,
                p=float(judged.p[at]),
                stake=watched.cents(contrast.lead * contrast.listed / watched.quarters),
                stake_formula=f"share of list that comes back as {earnings(watched).word}, above "
                "that of deals inside the personas of the same segment and kind × list value "
                "decided there a quarter",
                since=watched.first,
                picture=_picture(watched, found, name),
                member=member,
                p_without=p_without,
            )


def _is_large(watched: Watched, found: Contrast) -> bool:
    reach = found.listed / watched.quarters * _SMALLEST
    enough = found.n >= FEWEST_ROWS and found.accounts >= FEWEST_PEERS
    return enough and reach >= float(watched.agreement.watch.material)


def _sample(found: list[Contrast]) -> Sample:
    return Sample(
        ids=tuple(str(at) for at in range(len(found))),
        groups=("",) * len(found),
        n=np.array([each.n for each in found], dtype=np.int64),
        observed=np.array([each.observed for each in found], dtype=np.float64),
        expected=np.array([each.expected for each in found], dtype=np.float64),
        variance=np.array([each.variance for each in found], dtype=np.float64),
        base=np.array([each.listed for each in found], dtype=np.float64),
    )


def _judged(found: list[Contrast]) -> Judgement:
    return alone(_sample(found), np.array([each.accounts - 1.0 for each in found]))


def _p(found: Contrast | None) -> float | None:
    return None if found is None else float(_judged([found]).p[0])


def _cause(sums: Outside, by: str, name: str) -> tuple[str, float | None]:
    """Return who else may be behind it, and the p-value that is left without them.

    An industry earns well by itself only if it does better than what else is outside in its
    segments; a segment only if it does so without the industry that adds most.
    """
    own = sums.of(by, name)
    other = "segment" if by == "industry" else "industry"
    parts = {each: own & sums.of(other, each) for each in sums.names(other)}
    parts = {each: cells for each, cells in parts.items() if cells.any()}
    if not parts:
        return "", None
    most = max(parts, key=lambda each: float(sums.total[parts[each]].sum()))
    if by == "segment":
        left: Flags = own & ~parts[most]
        return (most, _p(sums.against_inside(left))) if len(parts) > 1 else (most, None)
    beside = sums.against_outside(own)
    return (most, _p(beside)) if beside else ("", None)


def _picture(watched: Watched, peers: dict[str, Contrast], name: str) -> Picture:
    marks = []
    for each, found in peers.items():
        lead, half = found.lead, NORMAL_95 * float(np.sqrt(found.variance))
        marks.append(Mark(each, lead, lead - half, lead + half, found.n, each == name))
    measure = f"{earnings(watched).word} outside above that inside, of the list value pursued"
    return Picture(Axis.PEERS, tuple(marks), 0.0, measure)


def _says(watched: Watched, found: Tested) -> str:
    return (
        f"{found.subject.name} earns well and no persona describes it: of the list value pursued "
        f"there outside every persona, lost deals included, {percent(found.observed)} comes back "
        f"as {earnings(watched).word}, where {percent(found.expected)} does on such deals inside "
        f"the personas.{of_few(found.n, 'deal')}"
    )


def _next_step(watched: Watched, found: Tested) -> str:
    last = watched.agreement.personas[-1]
    return (
        f"Look at who in {found.subject.name} was won outside, write the persona with the sellers "
        f"who won them, and agree on it beside {last.name or last.id} at the next review."
    )


def _own(watched: Watched, found: Tested) -> ir.Table:
    deals = expected_earnings(watched)
    return deals.filter(deals.is_outside, deals[found.variant] == found.subject.id)


def _rows(watched: Watched, found: Tested) -> ir.Table:
    own, lead = _own(watched, found), max(0.0, found.observed - found.expected)
    return own.select(
        "deal_id",
        "day",
        "outcome",
        "account_id",
        "account__segment",
        "account__industry",
        "owner_id",
        "net_amount",
        "cost_amount",
        "earned",
        stake_part=own.list_value * lead / watched.quarters,
    )


def _other_view(watched: Watched, found: Tested) -> OtherView:
    """Tell what sellers did there without a persona to go by."""
    own = _own(watched, found)
    won = watched.one((own.outcome == "won").mean()) or 0.0
    sellers = int(watched.one(own.owner_id.nunique()) or 0)
    own_find = watched.one(own.lead_id.isnull().mean()) or 0.0
    return OtherView(
        f"What sellers did there with no persona to go by: {counted(sellers, 'seller')} won "
        f"{percent(won, 0)} of these deals; {percent(own_find, 0)} of them began without a lead.",
        (("Won", percent(won, 0)), ("Without a lead", percent(own_find, 0))),
    )


KIND = Kind(
    name="persona_blind_spot",
    side=Side.MARKETING,
    counterpart="off_persona",
    variants=MappingProxyType({"industry": "industry", "segment": "segment"}),
    asks="Do customers outside every persona earn so well that a persona is missing?",
    measure="Margin a unit of list of pursued deals (nothing of lost ones) outside every persona, "
    "against deals inside of the same segment and kind, with errors by account. An industry is "
    "named only if it does better than what else is outside in its segments, a segment only if it "
    "stands out without its strongest industry.",
    stake="Share of list earned there above that inside × list value decided there a quarter.",
    unit=Unit.POINTS,
    needs=("deals", "accounts"),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=_other_view,
    missing=_missing,
)
