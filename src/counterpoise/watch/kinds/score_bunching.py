"""Scores that pile up just above the mark from which a lead counts as qualified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

import ibis
import ibis.expr.types as ir
import numpy as np

from counterpoise.agreement.conditions import Compares, Test, Within
from counterpoise.agreement.document import Side
from counterpoise.watch.heaps import HEAP, Heap, bin_width, heap
from counterpoise.watch.kind import Kind, Tested, Unit
from counterpoise.watch.lead_views import SHOWN, how_it_was_received, of_maker
from counterpoise.watch.leads import leads, per_quarter, worth_in_words
from counterpoise.watch.picture import Axis, Mark, Picture
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import counted, of_few

_SHOWN_BINS = range(-12, 12)
_LOWER_BOUNDS = (">=", ">")


@dataclass(frozen=True)
class _Scale:
    """The mark, and bins that start there."""

    mark: float
    width: float

    def start(self, number: int) -> float:
        """Return where a bin starts."""
        return round(self.mark + number * self.width, 10)

    def number(self, score: ir.NumericValue) -> ir.IntegerValue:
        """Return the bin of a score."""
        found: ir.IntegerValue = (
            ((score.cast("float64") - self.mark) / self.width + 1e-9).floor().cast("int64")
        )
        return found


def _mark(watched: Watched) -> float | None:
    """Return the score from which a lead counts as qualified."""
    for each in watched.agreement.handoff.qualified.tests:
        if each.field in ("score", "lead.score"):
            return _lower_bound(each.test)
    return None


def _lower_bound(test: Test) -> float | None:
    match test:
        case Compares(operator, value) if operator in _LOWER_BOUNDS:
            return float(str(value))
        case Within(low, _, _, _):
            return float(str(low))
    return None


def _missing(watched: Watched) -> str:
    if _mark(watched) is None:
        return "handoff.qualified sets no mark on a score"
    return "" if _scale(watched) else "no lead has a score on record"


def _scored(watched: Watched) -> ir.Table:
    """Return the leads made in the window that have a score and a source, handed over or not."""
    table = watched.period.within(watched.books.table("leads"), "created_at")
    return table.filter(table.score.notnull(), table.source.notnull())


def _scale(watched: Watched) -> _Scale | None:
    def make() -> _Scale | None:
        mark = _mark(watched)
        rows = _scored(watched)
        spread = watched.one(rows.score.cast("float64").std())
        return _Scale(mark, bin_width(spread)) if mark is not None and spread else None

    return watched.share("score scale", make)


def _counts(watched: Watched, scale: _Scale) -> dict[str, dict[int, int]]:
    """Return the leads of each source by bin."""
    rows = _scored(watched)
    rows = rows.mutate(bin=scale.number(rows.score))
    sums = rows.group_by("source", "bin").aggregate(n=rows.count())
    found: dict[str, dict[int, int]] = {}
    for row in watched.books.run(sums.order_by("source", "bin")).to_pylist():
        found.setdefault(row["source"], {})[row["bin"]] = row["n"]
    return found


def _worth(watched: Watched) -> dict[str, float]:
    """Return what a lead of each source is worth."""
    rows = leads(watched)
    sums = rows.group_by("source").aggregate(worth=rows.worth.mean())
    return {row["source"]: row["worth"] or 0.0 for row in watched.books.run(sums).to_pylist()}


def _test(watched: Watched) -> Iterator[Tested]:
    scale = _scale(watched)
    if scale is None:
        return
    worth = _worth(watched)
    for source, counts in _counts(watched, scale).items():
        found = heap(counts, round(scale.mark / scale.width))
        money = worth.get(source, 0.0) / watched.quarters
        reach = found.donors * money
        if np.isfinite(found.p) and reach >= float(watched.agreement.watch.material):
            yield _tested(watched, scale, source, counts, found, money)


def _tested(
    watched: Watched,
    scale: _Scale,
    source: str,
    counts: dict[int, int],
    found: Heap,
    money: float,
) -> Tested:
    return Tested(
        variant="source",
        subject=watched.source(source),
        side=Side.MARKETING,
        observed=float(found.count),
        expected=found.expected,
        low=found.low,
        high=found.high,
        n=sum(counts.values()),
        p=found.p,
        stake=watched.cents(max(0.0, found.count - found.expected) * money),
        stake_formula="leads just above the mark beyond what the scores around it let expect, a "
        f"quarter × {worth_in_words(watched)}",
        since=watched.first,
        picture=_picture(scale, counts, found),
    )


def _picture(scale: _Scale, counts: dict[int, int], found: Heap) -> Picture:
    marks = tuple(
        Mark(f"{scale.start(at):g}", float(counts.get(at, 0)), is_subject=at in HEAP)
        for at in _SHOWN_BINS
    )
    return Picture(Axis.BINS, marks, found.expected / len(HEAP), "leads by score")


def _says(watched: Watched, found: Tested) -> str:
    scale = _scale(watched)
    assert scale is not None
    end = scale.start(HEAP.stop)
    return (
        f"{counted(round(found.observed), 'lead')} from {found.subject.name} score from "
        f"{scale.mark:g} to below {end:g}, just over the mark from which a lead counts as "
        f"qualified, where the scores around it let expect {found.expected:.0f}."
        f"{of_few(found.n, 'lead')}"
    )


def _next_step(watched: Watched, found: Tested) -> str:
    return (
        f"Look at how the leads of {found.subject.name} just above the mark came by their score, "
        "let the score stand as it was made, and if the mark is wrong move handoff.qualified "
        f"({watched.agreement.handoff.qualified}) together with sales."
    )


def _rows(watched: Watched, found: Tested) -> ir.Table:
    scale = _scale(watched)
    assert scale is not None
    own = of_maker(watched, found)
    number = scale.number(own.score)
    heaped = own.filter(number.between(ibis.literal(HEAP.start), ibis.literal(HEAP.stop - 1)))
    beyond = 1.0 - found.expected / found.observed if found.observed > 0 else 0.0
    return heaped.select(*SHOWN, stake_part=per_quarter(watched, heaped.worth) * max(0.0, beyond))


KIND = Kind(
    name="score_bunching",
    side=Side.MARKETING,
    counterpart="threshold_hugging",
    variants=MappingProxyType({"source": "source"}),
    asks="Do scores pile up just above the mark from which a lead counts as qualified?",
    measure="Leads by score, handed over or not, in bins of about a fifteenth of how far scores "
    "spread. The three bins from the mark on are held against a smooth density fitted without "
    "them and without the eight bins below; round scores elsewhere set how much scores heap "
    "anyway.",
    stake="Leads just above the mark beyond what the scores around it let expect, a quarter × what "
    "a lead of the same source answered in time brings: the margin of the won deals that came of "
    "them, or net revenue where costs are not on record, over all of them.",
    unit=Unit.COUNT,
    needs=("leads",),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=how_it_was_received,
    missing=_missing,
)
