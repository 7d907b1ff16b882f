"""The pulse of the two sides parts: one says that they work well together, the other does not."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.document import Side
from counterpoise.ledger.crack import Subject
from counterpoise.watch.distributions import t_above, t_end
from counterpoise.watch.kind import Kind, OtherView, Tested, Unit
from counterpoise.watch.picture import Axis, Mark, Picture
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import counted, money

TOLERATED = 10.0
"""Points by which sides that work well together may differ: half a band."""

_WHOLE_SCALE = 80.0
_TAIL = 0.025
_FEWEST_PULSES = 2


@dataclass(frozen=True)
class _Said:
    """What a side said in a pulse."""

    n: int
    score: float
    spread: float

    @property
    def variance(self) -> float:
        """Return the variance of the mean."""
        return self.spread**2 / self.n


@dataclass(frozen=True)
class _Pulse:
    """A pulse in which both sides are large enough to be shown."""

    first: dt.date
    closed: dt.date
    sales: _Said
    marketing: _Said

    @property
    def gap(self) -> float:
        """Return how far the sides are apart, whichever is higher."""
        return abs(self.sales.score - self.marketing.score)

    @property
    def n(self) -> int:
        """Return how many took part."""
        return self.sales.n + self.marketing.n

    @property
    def error(self) -> float:
        """Return the standard error of the gap."""
        return math.sqrt(self.sales.variance + self.marketing.variance)

    @property
    def freedom(self) -> float:
        """Return Welch's degrees of freedom."""
        sides = (self.sales, self.marketing)
        parts = sum(each.variance**2 / (each.n - 1) for each in sides)
        return self.error**4 / parts if parts else math.inf

    @property
    def interval(self) -> tuple[float, float]:
        """Return the 95 % interval of the gap."""
        half = t_end(_TAIL, self.freedom) * self.error
        return self.gap - half, self.gap + half

    @property
    def p(self) -> float:
        """Return the chance of so large a gap between sides that differ as much as tolerated."""
        if self.error == 0:
            return 0.0 if self.gap > TOLERATED else 1.0
        return float(t_above((self.gap - TOLERATED) / self.error, self.freedom))


def _pulses(watched: Watched) -> list[_Pulse]:
    """Return the pulses of the window that tell of both sides, the latest last."""

    def make() -> list[_Pulse]:
        rows = watched.in_window(watched.books.table("pulses"), "closed_on")
        found: dict[dt.date, dict[str, _Said]] = {}
        closed = {}
        for row in watched.books.run(rows.order_by("first_on", "side")).to_pylist():
            said = _Said(row["answers"], float(row["score"]), float(row["spread"]))
            found.setdefault(row["first_on"], {})[row["side"]] = said
            closed[row["first_on"]] = row["closed_on"]
        return [
            _Pulse(first, closed[first], sides["sales"], sides["marketing"])
            for first, sides in found.items()
            if len(sides) == len(("sales", "marketing"))
        ]

    return watched.share("pulses", make)


def _missing(watched: Watched) -> str:
    return "" if _pulses(watched) else "no pulse of the last year tells of both sides"


def _test(watched: Watched) -> Iterator[Tested]:
    pulses, conceded = _pulses(watched), _conceded(watched)
    if not pulses or _stake(TOLERATED, conceded) < float(watched.agreement.watch.material):
        return
    latest = pulses[-1]
    low, high = latest.interval
    yield Tested(
        variant="company",
        subject=Subject("company", "company", "the company"),
        side=Side.BOTH,
        observed=latest.gap,
        expected=TOLERATED,
        low=low,
        high=high,
        n=latest.n,
        p=latest.p,
        stake=watched.cents(_stake(latest.gap, conceded)),
        stake_formula="the gap as a part of the whole scale × concessions a quarter: nobody can "
        "measure what mistrust costs, and this is what it is given to weigh",
        since=_since(pulses),
        picture=_picture(pulses),
        notes={"pulse": latest, "pulses": len(pulses)},
    )


def _stake(gap: float, conceded: float) -> float:
    return gap / _WHOLE_SCALE * conceded


def _conceded(watched: Watched) -> float:
    """Return the concessions of won deals, a quarter."""

    def ask() -> float:
        deals = watched.in_window(watched.judged, "day")
        return watched.one(deals.concession.sum(where=deals.outcome == "won")) or 0.0

    return watched.share("conceded", ask) / watched.quarters


def _since(pulses: list[_Pulse]) -> dt.date:
    """Return the first day of the pulse from which on the gap was larger than tolerated."""
    since = pulses[-1].first
    for each in reversed(pulses):
        if each.gap <= TOLERATED:
            break
        since = each.first
    return since


def _picture(pulses: list[_Pulse]) -> Picture:
    marks = tuple(
        Mark(each.first.isoformat(), each.gap, *each.interval, each.n, each is pulses[-1])
        for each in pulses
    )
    return Picture(Axis.TIME, marks, TOLERATED, "points between the sides' scores")


def _read(found: Tested) -> _Pulse:
    pulse = found.notes["pulse"]
    assert isinstance(pulse, _Pulse)
    return pulse


def _says(_: Watched, found: Tested) -> str:
    pulse = _read(found)
    scores = {"sales": pulse.sales.score, "marketing": pulse.marketing.score}
    high, low = sorted(scores, key=lambda side: -scores[side])
    return (
        f"The sides part in how they see their work together: {high} scores {scores[high]:.0f} of "
        f"100, {low} {scores[low]:.0f}. The {pulse.gap:.0f} points between them lie between "
        f"{found.low:.0f} and {found.high:.0f}, where {TOLERATED:.0f} are no matter. "
        f"{counted(pulse.n, 'person', 'people')} answered."
    )


def _next_step(watched: Watched, found: Tested) -> str:
    pulse = _read(found)
    lower = "sales" if pulse.sales.score < pulse.marketing.score else "marketing"
    stake = money(found.stake, watched.books.workspace.currency)
    return (
        f"Open the pulse at the next joint review, at the sentence where the sides are furthest "
        f"apart: let {lower} tell what happened, the other side repeat it, and agree one thing "
        f"that changes before the next pulse. {stake} a quarter hang on it."
    )


def _rows(watched: Watched, found: Tested) -> ir.Table:
    """Return the two sides' lines of the pulse: there are no rows of people behind them."""
    table, first = watched.books.table("pulses"), _read(found).first
    rows = table.filter(table.first_on == ibis.literal(first))
    each = float(found.stake) / 2
    return rows.select(
        "pulse_id",
        "side",
        "answers",
        "score",
        "spread",
        stake_part=ibis.ifelse(rows.side.notnull(), each, 0.0),
    ).order_by("pulse_id")


def _other_view(watched: Watched, found: Tested) -> OtherView:
    """Tell how the gap stood at the pulse before: whether the sides move together or apart."""
    pulses = _pulses(watched)
    if len(pulses) < _FEWEST_PULSES:
        return OtherView("It is the first pulse of the year; the next tells where it goes.")
    before, now = pulses[-2], _read(found)
    figures = tuple(
        (side, f"{was.score:.0f} → {is_.score:.0f}")
        for side, was, is_ in (
            ("Sales", before.sales, now.sales),
            ("Marketing", before.marketing, now.marketing),
        )
    )
    moved = now.gap - before.gap
    way = "further apart" if moved > 0 else "closer"
    return OtherView(
        f"At the pulse before the sides were {before.gap:.0f} points apart; they came "
        f"{way} by {abs(moved):.0f}.",
        figures,
    )


KIND = Kind(
    name="trust_gap",
    side=Side.BOTH,
    counterpart="silence",
    variants=MappingProxyType({"company": "company"}),
    asks="Does one side think well of working together, and the other not?",
    measure="How far the scores of the two sides lie apart in the latest pulse that tells of both, "
    "held against ten points, half a band (one-sided test after Welch). Sides too small to be "
    "shown are not measured.",
    stake="The gap as a part of the whole scale of 80 points × concessions a quarter.",
    unit=Unit.COUNT,
    needs=("deals", "pulses"),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=_other_view,
    missing=_missing,
)
