"""Rates that pile up just under a limit, where nobody has to be asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from counterpoise.agreement.document import Side
from counterpoise.ledger.crack import Subject
from counterpoise.watch.deals import offered, share_of
from counterpoise.watch.density import AT_MARK, Pile, Series, piled_up
from counterpoise.watch.judge import share_interval
from counterpoise.watch.kind import Kind, OtherView, Tested, Unit
from counterpoise.watch.mix import SLICE_DAYS, SLICES
from counterpoise.watch.picture import Axis, Mark, Picture
from counterpoise.watch.sample import Floats
from counterpoise.watch.steps import slice_day, step
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import listed, money, of_few, percent

_LIMITS = "discounts.limits."
_WIDTH, _ROUND = 0.5, (1.0, 5.0)
"""In points: how wide a bin is, and what rates are rounded to."""
_HUNDREDTHS = 10_000
"""Rates are counted to a hundredth of a point, which absorbs prices rounded to cents."""
_AT_MARK = int(AT_MARK * _WIDTH * 100)
_FEWEST, _FEWEST_OF_ONE = 200, 50
"""Discounted deals without which a row, or one height of its limit, is not looked at."""
_MOST = 0.20
"""The share of a row's concessions that could at most be moved under its limit."""
_SHOWN = range(19, -13, -1)


def _test(watched: Watched) -> Iterator[Tested]:
    deals = _discounted(watched)
    counted = watched.books.run(
        deals.group_by("clause", "mark", "hundredths").aggregate(n=ibis._.count())
    )
    sums = _sums_of(watched, deals)
    for clause in sorted(set(sums)):
        row = sums[clause]
        if row.n.sum() < _FEWEST or row.given * _MOST < float(watched.agreement.watch.material):
            continue
        series = _series(counted, clause)
        found = piled_up(series, _WIDTH, _ROUND) if series else None
        if found is not None:
            yield _tested(watched, clause, row, found, series)


def _discounted(watched: Watched) -> ir.Table:
    """Return the deals with a rate above 0 under a limit, by their distance to it.

    Grain: a deal. `mark` and `hundredths` are what the owner may surely give alone and the rate, in
    hundredths of a point; `is_at_mark` tells who is in the last point up to the limit.
    """
    deals = offered(watched)
    deals = deals.filter(
        deals.rate > 0,
        deals.clause.startswith(_LIMITS),
        deals.authority_low > 0,
    ).mutate(
        mark=(deals.authority_low.cast("float64") * _HUNDREDTHS).round().cast("int32"),
        hundredths=(deals.rate * _HUNDREDTHS).round().cast("int32"),
    )
    distance = deals.mark - deals.hundredths
    given = ibis.ifelse(deals.outcome == "won", deals.rate * deals.list_value, 0.0)
    return deals.mutate(
        is_at_mark=(distance >= 0) & (distance < _AT_MARK), given=given / watched.quarters
    )


@dataclass(frozen=True)
class _Sums:
    """A row's deals, those at the mark, by slice; concessions on won ones, money a quarter."""

    n: Floats
    at_mark: Floats
    given: float = 0.0
    given_at_mark: float = 0.0


def _sums_of(watched: Watched, deals: ir.Table) -> dict[str, _Sums]:
    before = ibis.literal(watched.last).delta(deals.day, unit="day")
    deals = deals.mutate(
        slice=(SLICES - 1 - (before // SLICE_DAYS).clip(0, SLICES - 1)).cast("int16")
    )
    grouped = deals.group_by("clause", "slice", "is_at_mark")
    found: dict[str, _Sums] = {}
    for each in watched.books.run(
        grouped.aggregate(n=ibis._.count(), given=ibis._.given.sum())
    ).to_pylist():
        own = found.get(each["clause"], _Sums(np.zeros(SLICES), np.zeros(SLICES)))
        own.n[each["slice"]] += each["n"]
        own.at_mark[each["slice"]] += each["n"] * each["is_at_mark"]
        at_mark = own.given_at_mark + each["given"] * each["is_at_mark"]
        found[each["clause"]] = _Sums(own.n, own.at_mark, own.given + each["given"], at_mark)
    return found


def _series(counted: pa.Table, clause: str) -> list[Series]:
    """Return the rates of a row by the height of the limit, those with deals enough."""
    own = counted.filter(pc.equal(counted["clause"], clause))
    marks, rate, n = (own[name].to_numpy() for name in ("mark", "hundredths", "n"))
    return [
        Series(mark / 100, rate[marks == mark] / 100, n[marks == mark].astype(float))
        for mark in np.unique(marks)
        if n[marks == mark].sum() >= _FEWEST_OF_ONE
    ]


def _tested(watched: Watched, clause: str, row: _Sums, found: Pile, series: list[Series]) -> Tested:
    id_ = clause.removeprefix(_LIMITS)
    n = int(found.bins.count.sum())
    low, high = share_interval(int(found.observed), n)
    excess = max(0.0, found.observed - found.expected) / max(found.observed, 1.0)
    return Tested(
        variant="limit",
        subject=Subject("limit", id_, id_),
        side=Side.SALES,
        observed=found.observed / n,
        expected=found.expected / n,
        low=low,
        high=high,
        n=n,
        p=found.p,
        stake=watched.cents(excess * row.given_at_mark),
        stake_formula="share of the deals just under the limit that is beyond what is expected × "
        "concessions on won deals there, a quarter",
        since=_since(watched, row, found.expected / n),
        picture=_picture(found, series, n),
        notes={"excess": excess, "many": found.observed - found.expected, "clause": clause},
    )


def _since(watched: Watched, row: _Sums, share: float) -> dt.date:
    has = np.flatnonzero(row.n > 0)
    effect = row.at_mark[has] / row.n[has] - share
    return slice_day(watched, int(has[step(effect, row.n[has], share * (1 - share))]))


def _picture(found: Pile, series: list[Series], n: int) -> Picture:
    """Draw the bins around the limit, at the height at which most deals have it."""
    mark = max(series, key=lambda each: float(each.counts.sum())).mark
    marks = tuple(
        Mark(
            label=f"{(mark - (place + 1) * _WIDTH) / 100:.4f}",
            value=float(found.bins.count[found.bins.place == place].sum()) / n,
            n=int(found.bins.count[found.bins.place == place].sum()),
            is_subject=0 <= place < AT_MARK,
        )
        for place in _SHOWN
        if mark - place * _WIDTH > 0
    )
    expected = found.expected / n / AT_MARK
    return Picture(Axis.BINS, marks, expected, "share of deals, by rate and as far from the limit")


def _says(_: Watched, found: Tested) -> str:
    return (
        f"Under the limit “{found.subject.name}” {percent(found.observed, 0)} of discounts stop "
        f"within a point below what needs no approval, where {percent(found.expected, 0)} are "
        f"expected.{of_few(found.n, 'deal')}"
    )


def _next_step(watched: Watched, found: Tested) -> str:
    levers = [each.id.replace("_", " ") for each in watched.agreement.discounts.levers]
    earn = f", and which levers ({listed(levers)}) could earn more" if levers else ""
    return (
        f"Read {found.notes['clause']} together: ask of the deals just below it whether the "
        f"customer needed that much or the limit was simply there to be used{earn}."
    )


def _rows(watched: Watched, found: Tested) -> ir.Table:
    deals = _discounted(watched)
    own = deals.filter(deals.clause == found.notes["clause"], deals.is_at_mark)
    return own.select(
        "deal_id",
        "day",
        "outcome",
        "owner_id",
        "list_amount",
        "net_amount",
        "rate",
        authority=own.authority_low,
        stake_part=own.given * float(str(found.notes["excess"])),
    )


def _other_view(watched: Watched, found: Tested) -> OtherView:
    deals = _discounted(watched)
    own = deals.filter(deals.clause == found.notes["clause"], deals.outcome.isin(["won", "lost"]))
    here, elsewhere = own.filter(own.is_at_mark), own.filter(~own.is_at_mark)
    under = watched.one(share_of(here.outcome == "won")) or 0.0
    rest = watched.one(share_of(elsewhere.outcome == "won")) or 0.0
    worth = money(found.stake, watched.agreement.company.currency)
    return OtherView(
        f"What marketing sees: {worth} a quarter of value given up to the limit, and deals there "
        f"are won in {percent(under, 0)} of cases, the others under this limit in "
        f"{percent(rest, 0)}.",
        (("Won just under the limit", percent(under, 0)), ("Won elsewhere", percent(rest, 0))),
    )


KIND = Kind(
    name="threshold_hugging",
    side=Side.SALES,
    counterpart="score_bunching",
    variants=MappingProxyType({"limit": "limit"}),
    asks="Do rates pile up just under a limit, where nobody has to be asked?",
    measure="Deals with a rate above 0 in bins of half a point, by how far they are from what the "
    "owner may give alone; a smooth density fitted without the two bins up to the limit, with the "
    "pull of round rates learned elsewhere.",
    stake="Share of the deals just under the limit that is beyond what is expected × concessions "
    "on won deals there, a quarter.",
    unit=Unit.POINTS,
    needs=("deals",),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=_other_view,
)
