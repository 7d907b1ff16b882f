"""Comparing people and the groups they are in: with each other, and with their own past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from counterpoise.agreement.document import Side
from counterpoise.ledger.crack import Subject
from counterpoise.watch.judge import (
    FEWEST_PEERS,
    FEWEST_ROWS,
    Judgement,
    against_peers,
    either,
    groups_against_groups,
)
from counterpoise.watch.kind import Tested
from counterpoise.watch.mix import RECENT, SLICE_DAYS, SLICES, Cells
from counterpoise.watch.picture import Axis, Mark, Picture
from counterpoise.watch.sample import Floats, Sample
from counterpoise.watch.watched import Watched


@dataclass(frozen=True)
class Question:
    """What is asked of people and of their groups.

    Attributes:
        side: Who should act.
        person: The variant of a person, and how to make a subject of an id.
        group: The variant of a group, and how to make a subject of it; None where groups are not
            asked about.
        smallest: The smallest shift worth a talk, in the unit of the measure: who could not reach
            the material stake with it is not tested.
        formula: How the stake is reckoned, in words.
        measure: What the value is, in words.
        peers: Whether subjects are held against each other.
        past: Whether they are held against their own past.
        high_is_bad: Whether much of it is the trouble, or little.
    """

    side: Side
    person: tuple[str, Callable[[str], Subject]]
    group: tuple[str, Callable[[str], Subject]] | None
    smallest: float
    formula: str
    measure: str
    peers: bool = True
    past: bool = True
    high_is_bad: bool = True


def compare(watched: Watched, cells: Cells, question: Question) -> Iterator[Tested]:
    """Test every person, and every group, that is large enough."""
    yield from _Comparison(watched, cells, question).tests()


@dataclass(frozen=True)
class _Level:
    """Subjects of one level (people or groups), judged against peers and past."""

    now: Sample
    peers: Judgement | None
    change: Sample
    past: Judgement | None

    def p(self, id_: str) -> tuple[float, float]:
        """Return the p-values against peers and against the past; NaN where not asked."""
        against = float(self.peers.p[self.now.at(id_)]) if self.peers else float("nan")
        known = self.past is not None and id_ in self.change.ids
        before = float(self.past.p[self.change.at(id_)]) if self.past and known else float("nan")
        return against, before


@dataclass(frozen=True)
class _Comparison:
    watched: Watched
    cells: Cells
    question: Question

    def tests(self) -> Iterator[Tested]:
        """Yield the tests of people, then of groups."""
        for id_ in self.people.now.ids:
            yield from self._tested(self.people, id_, is_group=False)
        if self.question.group and len(self.groups.now.ids) > 1:
            for id_ in self.groups.now.ids:
                yield from self._tested(self.groups, id_, is_group=True)

    @cached_property
    def people(self) -> _Level:
        """Return the people."""
        now, change = self._turned(self.cells.people()), self._turned(self.cells.change())
        return _Level(
            now,
            against_peers(now) if self.question.peers else None,
            change,
            against_peers(change) if self.question.past else None,
        )

    @cached_property
    def groups(self) -> _Level:
        """Return the groups."""
        return self._groups_of(self.people.now, self.people.change)

    def _groups_of(self, now: Sample, change: Sample) -> _Level:
        pooled, changed = now.pooled(), change.pooled()
        return _Level(
            pooled,
            _judge_groups(now, pooled) if self.question.peers else None,
            changed,
            _judge_groups(change, changed) if self.question.past else None,
        )

    def _turned(self, sample: Sample) -> Sample:
        """Turn a measure of which little is the trouble round, so that high stands out."""
        if self.question.high_is_bad:
            return sample
        return Sample(
            sample.ids,
            sample.groups,
            sample.n,
            -sample.observed,
            -sample.expected,
            sample.variance,
            sample.base,
        )

    def _tested(self, level: _Level, id_: str, *, is_group: bool) -> Iterator[Tested]:
        at = level.now.at(id_)
        against, before = level.p(id_)
        p = float(either(np.array([against]), np.array([before]))[0])
        reach = float(level.now.base[at]) * self.question.smallest
        if np.isnan(p) or level.now.n[at] < FEWEST_ROWS:
            return
        if reach < float(self.watched.agreement.watch.material):
            return
        by_past = np.isnan(against) or before < against
        sample, judged = (level.change, level.past) if by_past else (level.now, level.peers)
        assert judged is not None
        place = sample.at(id_)
        over = float(sample.observed[place] - judged.expected[place])
        stake = max(0.0, over) * float(sample.base[place])
        observed, expected, low, high = self._shown(sample, judged, place)
        variant, subject = self._named(id_, is_group=is_group)
        member, p_without = (
            self._without(id_, by_past=by_past) if is_group and p < 0.05 else ("", None)
        )
        yield Tested(
            variant=variant,
            subject=subject,
            side=self.question.side,
            observed=observed,
            expected=expected,
            low=low,
            high=high,
            n=int(sample.n[place]),
            p=p,
            stake=self.watched.cents(stake),
            stake_formula=self.question.formula,
            since=self._since(id_, by_past=by_past, is_group=is_group),
            picture=self._picture(level, id_, by_past=by_past, is_group=is_group),
            group="" if is_group else level.now.groups[at],
            member=member,
            p_without=p_without,
            p_among=self._among_mates(id_, by_past=by_past) if not is_group and p < 0.05 else None,
            by_past=by_past,
        )

    def _shown(
        self, sample: Sample, judged: Judgement, at: int
    ) -> tuple[float, float, float, float]:
        found = (sample.observed[at], judged.expected[at], judged.low[at], judged.high[at])
        observed, expected, low, high = (float(each) for each in found)
        if self.question.high_is_bad:
            return observed, expected, low, high
        return -observed, -expected, -high, -low

    def _named(self, id_: str, *, is_group: bool) -> tuple[str, Subject]:
        asked = self.question.group if is_group else self.question.person
        assert asked is not None
        return asked[0], asked[1](id_)

    def _without(self, id_: str, *, by_past: bool) -> tuple[str, float | None]:
        """Return a group's member who adds most, and the group's p-value without them."""
        sample = self.people.change if by_past else self.people.now
        members = [at for at in range(sample.size) if sample.groups[at] == id_]
        if len(members) < 2:
            return (sample.ids[members[0]] if members else ""), None
        most = max(members, key=lambda at: float(sample.effect[at] * sample.n[at]))
        left = sample.where(np.array([at for at in range(sample.size) if at != most]))
        judged = _judge_groups(left, left.pooled())
        p = judged.p[left.pooled().at(id_)]
        return sample.ids[most], float(p)

    def _among_mates(self, id_: str, *, by_past: bool) -> float | None:
        """Return the p-value of a person among the members of their own group."""
        sample = self.people.change if by_past else self.people.now
        at = sample.at(id_)
        mates = np.array(
            [
                place
                for place in range(sample.size)
                if sample.groups[place] == sample.groups[at] and sample.n[place] >= FEWEST_ROWS
            ]
        )
        if not sample.groups[at] or len(mates) < 3:
            return None
        own = sample.where(mates)
        found = groups_against_groups(own, own)
        return (
            float(against_peers(own).p[own.at(id_)])
            if len(mates) >= FEWEST_PEERS
            else float(found.p[own.at(id_)])
        )

    def _since(self, id_: str, *, by_past: bool, is_group: bool) -> dt.date:
        """Return the first day from which on the effect stands, to the nearest 26 days."""
        if by_past:
            return self.watched.recent_first
        over = self._turned(self.cells.over_time(id_, is_group=is_group))
        return slice_day(self.watched, int(over.ids[_step(over)]))

    def _picture(self, level: _Level, id_: str, *, by_past: bool, is_group: bool) -> Picture:
        if by_past:
            return self._over_time(level, id_, is_group=is_group)
        assert level.peers is not None
        at = level.now.at(id_)
        shift = level.now.observed[at] - level.now.effect[at]
        half = 1.96 * np.sqrt(level.now.variance)
        sign = 1 if self.question.high_is_bad else -1
        marks = tuple(
            Mark(
                label=level.now.ids[place],
                value=float(sign * (level.now.effect[place] + shift)),
                low=float(sign * (level.now.effect[place] + shift) - half[place]),
                high=float(sign * (level.now.effect[place] + shift) + half[place]),
                n=int(level.now.n[place]),
                is_subject=place == at,
            )
            for place in range(level.now.size)
            if level.now.n[place] >= FEWEST_ROWS or place == at
        )
        expected = float(sign * level.peers.expected[at])
        return Picture(Axis.PEERS, marks, expected, self.question.measure)

    def _over_time(self, level: _Level, id_: str, *, is_group: bool) -> Picture:
        over = self.cells.over_time(id_, is_group=is_group)
        half = 1.96 * np.sqrt(over.variance)
        marks = tuple(
            Mark(
                label=slice_day(self.watched, int(over.ids[at])).isoformat(),
                value=float(over.observed[at]),
                low=float(over.observed[at] - half[at]),
                high=float(over.observed[at] + half[at]),
                n=int(over.n[at]),
                is_subject=int(over.ids[at]) in RECENT,
            )
            for at in range(over.size)
        )
        assert level.past is not None
        sign = 1 if self.question.high_is_bad else -1
        expected = float(sign * level.past.expected[level.change.at(id_)])
        return Picture(Axis.TIME, marks, expected, self.question.measure)


def _judge_groups(people: Sample, groups: Sample) -> Judgement:
    if (groups.n >= FEWEST_ROWS).sum() >= FEWEST_PEERS:
        return against_peers(groups)
    return groups_against_groups(people, groups)


def slice_day(watched: Watched, number: int) -> dt.date:
    """Return the first day of a slice of the window."""
    if number == 0:
        return watched.first
    return watched.last - dt.timedelta(days=SLICE_DAYS * (SLICES - number) - 1)


_SURE = 9.0
"""By how many variances a split must fit better than a level all along."""


def _step(over: Sample) -> int:
    """Return where effects over time step up; the first place where they always stood there."""
    weights, effect = over.n.astype(float), over.effect
    always = _explained(weights, effect)
    noise = float((over.variance * over.n).mean())
    best, place = always + _SURE * noise, 0
    for at in range(1, over.size):
        late, early = slice(at, None), slice(0, at)
        if np.average(effect[late], weights=weights[late]) <= np.average(
            effect[early], weights=weights[early]
        ):
            continue
        gain = _explained(weights[late], effect[late]) + _explained(weights[early], effect[early])
        if gain > best:
            best, place = gain, at
    return place


def _explained(weights: Floats, effect: Floats) -> float:
    """Return the squares that one level explains."""
    return float((weights * effect).sum() ** 2 / weights.sum())
