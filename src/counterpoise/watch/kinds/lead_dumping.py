"""Hand-overs that jump when the quarter ends, of leads that are worth less."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from counterpoise.agreement.document import Side
from counterpoise.watch.judge import (
    FEWEST_ROWS,
    Judgement,
    against_peers,
    among,
    of_several,
)
from counterpoise.watch.kind import Kind, Tested, Unit
from counterpoise.watch.lead_views import SHOWN, how_it_was_received, of_maker
from counterpoise.watch.leads import history, leads, per_quarter, verdicts_recorded, worth_in_words
from counterpoise.watch.picture import Axis, Mark, Picture
from counterpoise.watch.quarter_ends import LAST_DAYS, QuarterEnds
from counterpoise.watch.sample import Floats, Ints, Sample
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import of_few, percent

_FEWEST_PEERS = 5
_FEWEST_JUDGED = 8
"""Leads judged, of the last days and of the others, without which their worth is not compared."""
_SMALLEST = 0.20 * 0.50
"""A fifth more of the hand-overs, half of which would have been taken up else."""
_GRACE = dt.timedelta(days=14)
_WITHOUT_CAMPAIGN = "\x1f"
"""Marks what comes of a source without any campaign: a peer, but no subject."""
_SUMS = ("n", "judged", "accepted", "money")

Row = Mapping[str, Any]


def _missing(watched: Watched) -> str:
    if not verdicts_recorded(watched):
        return "no lead has a verdict on record"
    return "" if QuarterEnds.of(watched).quarters else "no fiscal quarter lies wholly in the window"


@dataclass(frozen=True)
class _Ends:
    """Leads by subject: of the last days of quarters (place 0) and of all other days (place 1).

    `n` are handed over, `judged` have a verdict and were answered in time, `accepted` of them were
    taken up; `money` is what accepted ones would bring if all were.
    """

    ids: tuple[str, ...]
    n: Floats
    judged: Floats
    accepted: Floats
    money: Floats

    def where(self, places: list[int]) -> _Ends:
        """Return some of the subjects."""
        sums = {name: getattr(self, name)[places] for name in _SUMS}
        return _Ends(tuple(self.ids[at] for at in places), **sums)

    def and_(self, others: _Ends) -> _Ends:
        """Lay further subjects behind these."""
        sums = {
            name: np.concatenate([getattr(self, name), getattr(others, name)]) for name in _SUMS
        }
        return _Ends(self.ids + others.ids, **sums)

    @cached_property
    def jump(self) -> Sample:
        """Return the share of the hand-overs that fell into the last days."""
        whole = self.n.sum(axis=1)
        share = self.n[:, 0].sum() / max(whole.sum(), 1.0)
        observed = self.n[:, 0] / np.maximum(whole, 1.0)
        variance = share * (1 - share) / np.maximum(whole, 1.0)
        return self._sample(whole, observed, np.full(len(whole), share), variance)

    @cached_property
    def worth(self) -> Sample:
        """Return how much more of the last days' leads were turned down than of the others."""
        kept = (self.judged >= _FEWEST_JUDGED).all(axis=1)
        judged = np.maximum(self.judged, 1.0)
        taken = self.accepted / judged
        mean = self.accepted.sum() / max(self.judged.sum(), 1.0)
        variance = mean * (1 - mean) * (1 / judged).sum(axis=1)
        n = np.where(kept, self.judged.sum(axis=1), 0.0)
        return self._sample(n, taken[:, 1] - taken[:, 0], np.zeros(len(n)), variance)

    @cached_property
    def jumped(self) -> Judgement:
        """Return what the judge says of the jump."""
        return against_peers(self.jump, _FEWEST_PEERS)

    @cached_property
    def p(self) -> Floats:
        """Return the p-value that both hold: that of the one which is less sure."""
        found: Floats = np.maximum(self.jumped.p, against_peers(self.worth, _FEWEST_PEERS).p)
        return found

    def _sample(self, n: Floats, observed: Floats, expected: Floats, variance: Floats) -> Sample:
        whole: Ints = n.astype(np.int64)
        groups = ("",) * len(self.ids)
        return Sample(self.ids, groups, whole, observed, expected, variance, self.money.sum(axis=1))


@dataclass(frozen=True)
class _Dumping:
    """The leads of whole quarters, by campaign, source, quarter and part of the quarter."""

    watched: Watched

    @cached_property
    def quarters(self) -> QuarterEnds:
        """Return the fiscal quarters."""
        return QuarterEnds.of(self.watched)

    @cached_property
    def sums(self) -> list[Row]:
        """Return the sums of the leads that have a part to play."""
        rows = leads(self.watched)
        number = self.quarters.number(rows.day)
        rows = rows.mutate(quarter=number, place=(~self.quarters.is_last_days(rows.day)))
        rows = rows.filter(rows.quarter.notnull())
        told = rows.is_accepted.notnull() & ~ibis.coalesce(rows.is_late, False)
        grouped = rows.group_by("campaign_id", "source", "quarter", "place").aggregate(
            n=rows.count(),
            judged=told.sum(),
            accepted=(told & rows.is_accepted).sum(),
            money=per_quarter(self.watched, rows.worth_accepted).sum(),
        )
        sums: list[Row] = self.watched.books.run(grouped).to_pylist()
        return sums

    @cached_property
    def firsts(self) -> list[Row]:
        """Return when the leads of each campaign and source began."""
        rows = history(self.watched)
        found = rows.group_by("campaign_id", "source").aggregate(first=rows.day.min())
        firsts: list[Row] = self.watched.books.run(found).to_pylist()
        return firsts

    def ends(self, whose: Callable[[Row], str | None], left_out: str = "") -> _Ends:
        """Add up by subject, without the quarter in which it began.

        Args:
            whose: Says whose a row is.
            left_out: A campaign whose leads do not count.
        """
        begun: dict[str, dt.date] = {}
        for row in self.firsts:
            if id_ := whose(row):
                begun[id_] = min(row["first"], begun.get(id_, dt.date.max))
        ids = tuple(sorted(begun))
        place = {id_: at for at, id_ in enumerate(ids)}
        sums = {name: np.zeros((len(ids), 2)) for name in _SUMS}
        for row in self.sums:
            opens = self.quarters.quarters[row["quarter"]][0]
            id_ = whose(row)
            if id_ and begun[id_] <= opens + _GRACE and row["campaign_id"] != (left_out or ""):
                for name in _SUMS:
                    sums[name][place[id_], int(row["place"])] += float(row[name] or 0)
        return _Ends(ids, **sums)

    @cached_property
    def makers(self) -> _Ends:
        """Return campaigns, and beside them what comes of each source without any."""
        return self.ends(_maker)

    @cached_property
    def sources(self) -> _Ends:
        """Return the sources."""
        return self.ends(_source)

    @cached_property
    def source_of(self) -> dict[str, str]:
        """Return the source of most leads of each campaign."""
        counts: dict[tuple[str, str], int] = {}
        for row in self.sums:
            key = (row["campaign_id"] or "", row["source"] or "")
            counts[key] = counts.get(key, 0) + row["n"]
        ordered = sorted(counts, key=lambda key: (counts[key], key))
        return dict(ordered)

    def tests(self) -> Iterator[Tested]:
        """Yield the tests of campaigns, then of sources."""
        for at, id_ in enumerate(self.makers.ids):
            if not id_.startswith(_WITHOUT_CAMPAIGN):
                yield from self._tested(self.makers, at)
        for at, id_ in enumerate(self.sources.ids):
            yield from self._tested(self._source_among_makers(id_, self.sources, at), -1)

    def _source_among_makers(self, source: str, sources: _Ends, at: int) -> _Ends:
        """Lay a source behind the makers of all others: too few sources tell how they differ."""
        others = [
            place
            for place, id_ in enumerate(self.makers.ids)
            if id_ != _WITHOUT_CAMPAIGN + source and self.source_of.get(id_) != source
        ]
        return self.makers.where(others).and_(sources.where([at]))

    def _tested(self, ends: _Ends, at: int) -> Iterator[Tested]:
        id_, p, is_source = ends.ids[at], float(ends.p[at]), at < 0
        material = float(self.watched.agreement.watch.material)
        if not np.isfinite(p) or ends.money[at].sum() * _SMALLEST < material:
            return
        is_worth = p < 0.05
        member, p_without = self._without(id_) if is_source and is_worth else ("", None)
        jump, judged = ends.jump, ends.jumped
        taken = ends.accepted[at] / ends.judged[at]
        shown = self.sources if is_source else self.makers
        yield Tested(
            variant="source" if is_source else "campaign",
            subject=self.watched.source(id_) if is_source else self.watched.campaign(id_),
            side=Side.MARKETING,
            observed=float(jump.observed[at]),
            expected=float(judged.expected[at]),
            low=max(0.0, float(judged.low[at])),
            high=float(judged.high[at]),
            n=int(jump.n[at]),
            p=p,
            stake=self.watched.cents(_stake(ends, at)),
            stake_formula=f"hand-overs of the last {LAST_DAYS} days of quarters beyond others' "
            "share, a quarter × the accepted share that they lack × "
            f"{worth_in_words(self.watched)}, per accepted lead",
            since=self.watched.first,
            picture=_picture(shown, id_, float(judged.expected[at])),
            group="" if is_source else self.source_of.get(id_, ""),
            member=member,
            p_without=p_without,
            p_among=self._among(id_) if is_worth and not is_source else None,
            notes={"taken_last": float(taken[0]), "taken_else": float(taken[1])},
        )

    def _without(self, source: str) -> tuple[str, float | None]:
        """Return the campaign that adds most to a source's jump, and the p-value without it."""
        ends = self.makers
        beyond = ends.n[:, 0] - ends.jumped.expected * ends.n.sum(axis=1)
        own = [at for at, id_ in enumerate(ends.ids) if self.source_of.get(id_) == source]
        if not own:
            return "", None
        member = ends.ids[max(own, key=lambda at: float(beyond[at]))]
        sources = self.ends(_source, left_out=member)
        left = self._source_among_makers(source, sources, sources.ids.index(source))
        return member, float(left.p[-1]) if np.isfinite(left.p[-1]) else None

    def _among(self, campaign: str) -> float | None:
        """Return the p-value of a campaign's jump beside the others of its source, for any."""
        ends, source = self.makers, self.source_of.get(campaign)
        own = ends.ids.index(campaign)
        mates = [
            at for at, id_ in enumerate(ends.ids) if at != own and self.source_of.get(id_) == source
        ]
        due = ends.n[mates].sum(axis=0)
        if not due.sum():
            return None
        whole = ends.n[own] + due
        counts = (ends.n[own, 0], ends.n[own].sum(), whole[0], whole.sum())
        p = among(*(round(float(each)) for each in counts))
        return of_several(p, len(mates) + 1)


def _maker(row: Row) -> str | None:
    campaign, source = row["campaign_id"], row["source"]
    return campaign or (_WITHOUT_CAMPAIGN + source if source else None)


def _source(row: Row) -> str | None:
    found: str | None = row["source"]
    return found


def _stake(ends: _Ends, at: int) -> float:
    """Return what the leads beyond the others' share lack, money a quarter."""
    beyond = max(0.0, float(ends.jump.observed[at] - ends.jumped.expected[at]))
    lacking = max(0.0, float(ends.worth.observed[at]))
    return beyond * lacking * float(ends.money[at].sum())


def _picture(ends: _Ends, id_: str, expected: float) -> Picture:
    jump, judged = ends.jump, ends.jumped
    marks = tuple(
        Mark(
            label=jump.ids[place],
            value=float(jump.observed[place]),
            low=max(0.0, float(judged.low[place])),
            high=float(judged.high[place]),
            n=int(jump.n[place]),
            is_subject=jump.ids[place] == id_,
        )
        for place in range(jump.size)
        if jump.n[place] >= FEWEST_ROWS and not jump.ids[place].startswith(_WITHOUT_CAMPAIGN)
    )
    measure = f"share of hand-overs in the last {LAST_DAYS} days of the quarter"
    return Picture(Axis.PEERS, marks, expected, measure)


def _test(watched: Watched) -> Iterator[Tested]:
    yield from _Dumping(watched).tests()


def _share(notes: Mapping[str, object], name: str) -> str:
    return percent(float(str(notes[name])), 0)


def _says(_: Watched, found: Tested) -> str:
    return (
        f"{percent(found.observed, 0)} of the leads from {found.subject.name} are handed over in "
        f"the last {LAST_DAYS} days of the quarter, where {percent(found.expected, 0)} is usual, "
        f"and sales takes up {_share(found.notes, 'taken_last')} of those against "
        f"{_share(found.notes, 'taken_else')} of the others.{of_few(found.n, 'lead')}"
    )


def _next_step(watched: Watched, found: Tested) -> str:
    counted = [
        each for each in watched.agreement.promises.marketing if each.metric == "qualified_leads"
    ]
    promise = f" The promise {counted[0].id} counts heads; count accepted ones." if counted else ""
    return (
        f"Hand the leads of {found.subject.name} over as they qualify and hold none back for the "
        f"end of the quarter.{promise}"
    )


def _rows(watched: Watched, found: Tested) -> ir.Table:
    quarters = QuarterEnds.of(watched)
    own = of_maker(watched, found)
    late = own.filter(quarters.is_last_days(own.day))
    beyond = 1.0 - found.expected / found.observed if found.observed > 0 else 0.0
    lacking = float(str(found.notes["taken_else"])) - float(str(found.notes["taken_last"]))
    part = per_quarter(watched, late.worth_accepted) * max(0.0, beyond) * max(0.0, lacking)
    return late.select(*SHOWN, stake_part=part)


KIND = Kind(
    name="lead_dumping",
    side=Side.MARKETING,
    counterpart="quarter_end",
    variants=MappingProxyType({"campaign": "campaign", "source": "source"}),
    asks="Do hand-overs jump when the fiscal quarter ends, with leads that are worth less?",
    measure="Share of the leads handed over in the last ten days of fiscal quarters, against the "
    "other campaigns or sources; and how much less of those sales accepts than of the subject's "
    "others, again against the others' same difference. Both must stand out: the less sure one "
    "counts. Quarters that lie wholly in the window, after the one in which the subject began.",
    stake="Hand-overs of the last ten days beyond the others' share, a quarter × the accepted "
    "share that they lack × what an accepted lead of the same source brings: the margin of the won "
    "deals that came of its leads, or net revenue where costs are not on record, over the accepted "
    "ones.",
    unit=Unit.POINTS,
    needs=("leads",),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=how_it_was_received,
    missing=_missing,
)
