"""Leads of a campaign, or of a source, that sales has less use for than before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

import ibis
import ibis.expr.types as ir
import numpy as np

from counterpoise.agreement.document import Side
from counterpoise.watch.judge import FEWEST_ROWS, NORMAL_95, alone, of_several
from counterpoise.watch.kind import Kind, Tested, Unit
from counterpoise.watch.lead_views import SHOWN, how_it_was_received, of_maker
from counterpoise.watch.leads import (
    history,
    leads,
    per_quarter,
    verdicts_recorded,
    worth_in_words,
)
from counterpoise.watch.mix import Rows
from counterpoise.watch.picture import Axis, Mark, Picture
from counterpoise.watch.sample import Sample
from counterpoise.watch.turns import Halves, Turns, half_first, turns
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import of_few, percent

_SMALLEST = 0.10
_MIX = ("is_inside", "owner__team")


def _missing(watched: Watched) -> str:
    return "" if verdicts_recorded(watched) else "no lead has a verdict on record"


def _in_time(table: ir.Table) -> ir.Table:
    """Leave out what was answered late: whose fault that is, is another matter."""
    return table.filter(~ibis.coalesce(table.is_late, False), table.is_accepted.notnull())


@dataclass(frozen=True)
class _Quality:
    """The accepted share by campaign and by source, and how it turned."""

    watched: Watched

    @cached_property
    def campaigns(self) -> Halves:
        """Return the sums by campaign."""
        return self._halves("campaign_id")

    @cached_property
    def sources(self) -> Halves:
        """Return the sums by source."""
        return self._halves("source")

    @cached_property
    def source_of(self) -> dict[str, str]:
        """Return where the leads of each campaign come from, mostly."""
        rows = leads(self.watched)
        counts = rows.filter(rows.campaign_id.notnull(), rows.source.notnull())
        counts = counts.group_by("campaign_id", "source").aggregate(rows=ibis._.count())
        found = self.watched.books.run(counts.order_by("rows", "source")).to_pylist()
        return {row["campaign_id"]: row["source"] for row in found}

    def _halves(self, subject: str) -> Halves:
        rows = _in_time(history(self.watched))
        rows = rows.mutate(
            value=rows.is_accepted.cast("int32"),
            base=per_quarter(self.watched, rows.worth_accepted),
        )
        asked = Rows(rows, subject=subject, value="value", base="base", mix=_MIX, group="span")
        return Halves.of(self.watched.cells(asked))

    def tests(self) -> Iterator[Tested]:
        """Yield the tests of campaigns, then of sources."""
        found = turns(self.campaigns)
        for at in _large_enough(self.watched, found.sample):
            source = self.source_of.get(found.sample.ids[at], "")
            yield self._tested(found, at, source=source, p_among=self._among(found, at, source))
        found = turns(self.sources)
        for at in _large_enough(self.watched, found.sample):
            yield self._tested(found, at)

    def _tested(
        self, found: Turns, at: int, source: str | None = None, p_among: float | None = None
    ) -> Tested:
        sample, judged, id_ = found.sample, found.judged, found.sample.ids[at]
        is_source = source is None
        fallen = float(judged.expected[at] - sample.observed[at])
        p = float(judged.p[at])
        is_worth = p < 0.05
        member, p_without = self._without(id_) if is_source and is_worth else ("", None)
        return Tested(
            variant="source" if is_source else "campaign",
            subject=self.watched.source(id_) if is_source else self.watched.campaign(id_),
            side=Side.MARKETING,
            observed=float(sample.observed[at]),
            expected=float(judged.expected[at]),
            low=float(judged.low[at]),
            high=float(judged.high[at]),
            n=int(sample.n[at]),
            p=p,
            stake=self.watched.cents(max(0.0, fallen) * float(sample.base[at])),
            stake_formula="accepted leads of the last 182 days that are missing against before, a "
            f"quarter × {worth_in_words(self.watched)}, per accepted lead",
            since=self.watched.recent_first,
            picture=self._picture(id_, float(judged.expected[at]), is_source=is_source),
            group=source or "",
            member=member,
            p_without=p_without,
            p_among=p_among if is_worth else None,
            by_past=True,
            notes={"before": float(found.before[at])},
        )

    def _without(self, source: str) -> tuple[str, float | None]:
        """Return the campaign that adds most to a source's fall, and the p-value without it."""
        own = [id_ for id_ in self.campaigns.ids if self.source_of.get(id_) == source]
        falls = {id_: self.campaigns.fall(id_) for id_ in own}
        if not falls:
            return "", None
        member = max(falls, key=lambda id_: falls[id_])
        left = turns(self.sources.less(source, self.campaigns, member))
        if source not in left.sample.ids:
            return member, None
        return member, float(left.judged.p[left.sample.ids.index(source)])

    def _among(self, found: Turns, at: int, source: str) -> float | None:
        """Return the p-value of a campaign's fall beside the others of its source, for any."""
        sample = found.sample
        mates = [
            place
            for place, id_ in enumerate(sample.ids)
            if place != at and source and self.source_of.get(id_) == source
        ]
        if not mates:
            return None
        others = sample.where(np.array(mates))
        weights = others.n / others.n.sum()
        own = sample.where(np.array([at]))
        level = float((weights * others.effect).sum())
        variance = float((weights**2 * others.variance).sum())
        beside = replace(own, expected=own.expected + level, variance=own.variance + variance)
        return of_several(float(alone(beside.turned()).p[0]), len(mates) + 1)

    def _picture(self, id_: str, expected: float, *, is_source: bool) -> Picture:
        halves = self.sources if is_source else self.campaigns
        at = halves.ids.index(id_)
        marks = []
        for half in reversed(range(halves.n.shape[1])):
            n = float(halves.n[at, half])
            if n >= FEWEST_ROWS / 3:
                value = float(halves.total[at, half] / n)
                width = NORMAL_95 * float(np.sqrt(halves.sigma2 / n))
                day = half_first(self.watched, half).isoformat()
                ends = (value - width, value + width)
                marks.append(Mark(day, value, *ends, int(n), is_subject=half == 0))
        return Picture(Axis.TIME, tuple(marks), expected, "accepted share of leads, by half-year")


def _large_enough(watched: Watched, sample: Sample) -> Iterator[int]:
    """Yield the subjects whom a fall by a tenth could make material, whatever they did."""
    reach = sample.base * _SMALLEST
    yield from np.flatnonzero(reach >= float(watched.agreement.watch.material)).tolist()


def _test(watched: Watched) -> Iterator[Tested]:
    yield from _Quality(watched).tests()


def _says(_: Watched, found: Tested) -> str:
    return (
        f"Sales takes up {percent(found.observed, 0)} of the leads from {found.subject.name} that "
        f"it answered in time, where {percent(found.expected, 0)} is expected: before the last "
        f"half-year it was {percent(float(str(found.notes['before'])), 0)}, and other leads did "
        f"not fall alike.{of_few(found.n, 'lead')}"
    )


def _next_step(watched: Watched, found: Tested) -> str:
    reasons = watched.agreement.handoff.reasons
    words = f" ({', '.join(reasons)})" if reasons else ""
    return (
        f"Read the reasons{words} of the leads turned down since "
        f"{found.since:%d %B %Y} with sales, find what changed in {found.subject.name} (audience, "
        "offer, form), and pause what brings the refused ones."
    )


def _rows(watched: Watched, found: Tested) -> ir.Table:
    own = _in_time(of_maker(watched, found))
    lost = own.filter(own.day >= ibis.literal(found.since), own.verdict == "rejected")
    missing = max(0.0, found.expected - found.observed)
    share = missing / (1.0 - found.observed) if found.observed < 1 else 0.0
    return lost.select(
        *SHOWN, stake_part=per_quarter(watched, lost.worth_accepted) * share
    ).order_by("handed_over_at", "lead_id")


KIND = Kind(
    name="lead_quality",
    side=Side.MARKETING,
    counterpart="unexplained_rejection",
    variants=MappingProxyType({"campaign": "campaign", "source": "source"}),
    asks="Does sales have less use for the leads of a campaign or of a source than before?",
    measure="Accepted share of the leads that sales answered in time, adjusted for persona and "
    "team: the last 182 days against the twelve months before, less what the others did in the "
    "same time. How far such shares turn from one half-year to the next when nothing is wrong is "
    "learned from every half-year of the last thirty months.",
    stake="Accepted leads that are missing in the last 182 days, a quarter × what an accepted lead "
    "of the same source brings: the margin of the won deals that came of its leads, or net revenue "
    "where costs are not on record, over the accepted ones.",
    unit=Unit.POINTS,
    needs=("leads",),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=how_it_was_received,
    missing=_missing,
)
