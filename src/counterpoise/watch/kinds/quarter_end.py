"""Discounts that jump in the last ten days of the fiscal quarter."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

import ibis.expr.types as ir
import numpy as np

from counterpoise.agreement.document import Side
from counterpoise.ledger.crack import Subject
from counterpoise.watch.deals import share_of
from counterpoise.watch.held import judged
from counterpoise.watch.judge import FEWEST_ROWS, Jump, past_jumps
from counterpoise.watch.kind import Kind, OtherView, Tested, Unit
from counterpoise.watch.picture import Axis, Mark, Picture
from counterpoise.watch.pictures import among_peers
from counterpoise.watch.quarters import (
    RECENT_QUARTERS,
    Endings,
    closed,
    endings_of,
    quarters_of,
)
from counterpoise.watch.sample import Flags
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import of_few, percent, points

_SMALLEST = 0.02
_COMPANY = Subject("company", "company", "the company")
_MEASURE = "discount in the last ten days of quarters beyond that of the other days"


def _test(watched: Watched) -> Iterator[Tested]:
    endings = watched.share("endings", lambda: endings_of(watched))
    yield from _of_company(watched, endings)
    yield from _of_teams(watched, endings)


def _of_company(watched: Watched, endings: Endings) -> Iterator[Tested]:
    everyone = np.ones(len(endings.n), dtype=np.bool_)
    found = _jump(endings, everyone)
    late = _late(endings)
    base = float(endings.base[late].sum())
    if found is None or not _is_large(watched, base):
        return
    n, observed = float(endings.n[late].sum()), float(endings.total[late].sum())
    level = observed / n
    member, p_without = _without(endings)
    yield Tested(
        variant="company",
        subject=_COMPANY,
        side=Side.SALES,
        observed=level,
        expected=level - found.size,
        low=level - found.size + found.low,
        high=level - found.size + found.high,
        n=int(n),
        p=found.p,
        stake=watched.cents(found.size * base),
        stake_formula=_FORMULA,
        since=quarters_of(watched)[-RECENT_QUARTERS].ending,
        picture=_over_quarters(watched, endings),
        member=member,
        p_without=p_without,
    )


def _of_teams(watched: Watched, endings: Endings) -> Iterator[Tested]:
    teams = endings.groups
    if teams.size < 2:
        return
    found = judged(endings.persons, teams, is_group=True, high_is_bad=True)
    for at, id_ in enumerate(teams.ids):
        base, p = float(teams.base[at]), float(found.p[at])
        if teams.n[at] < FEWEST_ROWS or np.isnan(p) or not _is_large(watched, base):
            continue
        over = float(teams.observed[at] - found.expected[at])
        yield Tested(
            variant="team",
            subject=watched.team(id_),
            side=Side.SALES,
            observed=float(teams.observed[at]),
            expected=float(found.expected[at]),
            low=float(found.low[at]),
            high=float(found.high[at]),
            n=int(endings.n[_late(endings) & (endings.team == endings.teams.index(id_))].sum()),
            p=p,
            stake=watched.cents(max(0.0, over) * base),
            stake_formula=_FORMULA,
            since=quarters_of(watched)[-RECENT_QUARTERS].ending,
            picture=among_peers(teams, found, id_, _MEASURE),
            group=_COMPANY.id,
            p_among=p,
        )


_FORMULA = "points above what is expected × list value of deals won in the last ten days, a quarter"


def _is_large(watched: Watched, base: float) -> bool:
    return base * _SMALLEST >= float(watched.agreement.watch.material)


def _late(endings: Endings) -> Flags:
    """Return the cells of the last days of the last four quarters."""
    return np.asarray(endings.is_recent & endings.is_ending, dtype=np.bool_)


def _jump(endings: Endings, keep: Flags) -> Jump | None:
    return past_jumps(endings.jumps(keep), RECENT_QUARTERS)


def _without(endings: Endings) -> tuple[str, float | None]:
    """Return the team that adds most, and the company's p-value without it."""
    late = _late(endings) & (endings.team >= 0)
    if len(endings.teams) < 2:
        return "", None
    weight = np.bincount(endings.team[late], endings.left[late], len(endings.teams))
    most = int(weight.argmax())
    rest = _jump(endings, endings.team != most)
    return endings.teams[most], rest.p if rest else None


def _over_quarters(watched: Watched, endings: Endings) -> Picture:
    jumps = endings.jumps(np.ones(len(endings.n), dtype=np.bool_))
    marks = tuple(
        Mark(
            label=each.first.isoformat(),
            value=float(jumps[at]),
            n=int(endings.n[(endings.quarter == at) & endings.is_ending].sum()),
            is_subject=at >= endings.count - RECENT_QUARTERS,
        )
        for at, each in enumerate(quarters_of(watched))
        if np.isfinite(jumps[at])
    )
    return Picture(Axis.TIME, marks, 0.0, _MEASURE)


def _says(_: Watched, found: Tested) -> str:
    whom = "We give" if found.variant == "company" else f"{found.subject.name} gives"
    than = "on other days" if found.variant == "company" else "other teams' quarter ends let expect"
    return (
        f"{whom} {points(found.observed - found.expected)} more discount in the last ten days of "
        f"a quarter than {than}: {percent(found.observed)} where {percent(found.expected)} is "
        f"expected at the same mix.{of_few(found.n, 'deal')}"
    )


def _next_step(_: Watched, found: Tested) -> str:
    whom = "every team" if found.variant == "company" else found.subject.name
    return (
        f"Go through the open deals of {whom} four weeks before the quarter ends, and agree for "
        "each what closes it other than price; an offer that is only good until the quarter ends "
        "teaches the customer to wait."
    )


def _rows(watched: Watched, found: Tested) -> ir.Table:
    deals = closed(watched)
    late = deals.filter(deals.is_ending, deals.day >= found.since)
    if found.variant == "team":
        late = late.filter(late.owner__team == found.subject.id)
    won = (late.outcome == "won").ifelse(late.list_value, 0.0) / watched.quarters
    return late.select(
        "deal_id",
        "day",
        "outcome",
        "owner_id",
        "list_amount",
        "net_amount",
        "rate",
        stake_part=won * max(0.0, found.observed - found.expected),
    )


def _other_view(watched: Watched, found: Tested) -> OtherView:
    deals = closed(watched)
    deals = deals.filter(deals.day >= watched.first)
    if found.variant == "team":
        deals = deals.filter(deals.owner__team == found.subject.id)
    decided = deals.filter(deals.outcome.isin(["won", "lost"]))
    ending, before = decided.filter(decided.is_ending), decided.filter(~decided.is_ending)
    late = watched.one(share_of(ending.outcome == "won")) or 0.0
    other = watched.one(share_of(before.outcome == "won")) or 0.0
    return OtherView(
        f"What it bought: {percent(late, 0)} of the deals decided in those days were won, "
        f"{percent(other, 0)} on other days.",
        (("Won in the last ten days", percent(late, 0)), ("Won on other days", percent(other, 0))),
    )


KIND = Kind(
    name="quarter_end",
    side=Side.SALES,
    counterpart="lead_dumping",
    variants=MappingProxyType({"company": "company", "team": "team"}),
    asks="Do discounts jump in the last ten days of the fiscal quarter?",
    measure="Rates of the last ten days of fiscal quarters beyond those of the other days, "
    "adjusted for the mix of deals and for who sold. The company: the jumps of the last four "
    "quarters, by how much the jump varies over at least six. A team: against the jumps of the "
    "other teams.",
    stake="Points above what is expected × list value of deals won in those days, a quarter.",
    unit=Unit.POINTS,
    needs=("deals",),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=_other_view,
)
