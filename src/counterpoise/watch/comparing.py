"""Comparing people and the groups they are in: with each other, and with their own past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from counterpoise.agreement.document import Side
from counterpoise.ledger.crack import Subject
from counterpoise.watch.held import Held, held, held_unevenly
from counterpoise.watch.judge import FEWEST_ROWS, either
from counterpoise.watch.kind import Tested
from counterpoise.watch.mix import SLICES, Cells
from counterpoise.watch.picture import Axis, Picture
from counterpoise.watch.pictures import among_peers, over_time
from counterpoise.watch.sample import Sample
from counterpoise.watch.steps import slice_day, step
from counterpoise.watch.watched import Watched

_NEVER_NAMED = 0.5
"""No q-value is below its p-value, so above this nobody needs a picture."""
_WORTH_A_LOOK = 0.05
"""The p-value up to which it is asked whether one member explains a group."""


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
        peers: The weight of holding subjects against each other; what is left to 1 is that of
            holding them against their own past. A question of no weight is not asked.
        high_is_bad: Whether much of it is the trouble, or little.
        uneven: Whether some subjects stand on far more rows than others; without groups.
    """

    side: Side
    person: tuple[str, Callable[[str], Subject]]
    group: tuple[str, Callable[[str], Subject]] | None
    smallest: float
    formula: str
    measure: str
    peers: float = 0.8
    high_is_bad: bool = True
    uneven: bool = False


def compare(watched: Watched, cells: Cells, question: Question) -> Iterator[Tested]:
    """Test every person, and every group, that is large enough."""
    asked = _Comparison(watched, cells, question)
    yield from asked.tests(is_group=False)
    if question.group:
        yield from asked.tests(is_group=True)


@dataclass(frozen=True)
class _Comparison:
    watched: Watched
    cells: Cells
    question: Question

    def tests(self, *, is_group: bool) -> Iterator[Tested]:
        """Yield the tests of people, or of groups."""
        weight = self.question.peers
        peers = self._held(self._now, is_group=is_group, by_past=False)
        past = self._held(self.cells.change(), is_group=is_group, by_past=True)
        subjects = self._now.pooled() if is_group else self._now
        for at in self._large_enough(subjects):
            id_ = subjects.ids[at]
            against = peers.p(id_) if weight > 0 else np.nan
            before = past.p(id_) if weight < 1 else np.nan
            p = float(either(against, before, weight))
            if not np.isnan(p):
                by_past = np.isnan(against) or before * weight < against * (1.0 - weight)
                yield self._tested(past if by_past else peers, id_, p, subjects.groups[at])

    def _held(self, people: Sample, *, is_group: bool, by_past: bool) -> Held:
        high_is_bad = self.question.high_is_bad
        if self.question.uneven:
            return held_unevenly(people, by_past=by_past, high_is_bad=high_is_bad)
        return held(people, is_group=is_group, by_past=by_past, high_is_bad=high_is_bad)

    @cached_property
    def _now(self) -> Sample:
        return self.cells.people()

    def _large_enough(self, subjects: Sample) -> Iterator[int]:
        """Yield the subjects whom the smallest shift could make material, whatever they did."""
        reach = subjects.base * self.question.smallest
        material = float(self.watched.agreement.watch.material)
        yield from np.flatnonzero((subjects.n >= FEWEST_ROWS) & (reach >= material)).tolist()

    def _tested(self, told: Held, id_: str, p: float, group: str) -> Tested:
        at = told.subjects.at(id_)
        asked = self.question.group if told.is_group else self.question.person
        assert asked is not None
        variant, subject = asked
        is_worth = p < _WORTH_A_LOOK
        member, p_without = told.without(id_) if told.is_group and is_worth else ("", None)
        return Tested(
            variant=variant,
            subject=subject(id_),
            side=self.question.side,
            observed=float(told.subjects.observed[at]),
            expected=float(told.judged.expected[at]),
            low=float(told.judged.low[at]),
            high=float(told.judged.high[at]),
            n=int(told.subjects.n[at]),
            p=p,
            stake=self.watched.cents(told.over(id_) * float(told.subjects.base[at])),
            stake_formula=self.question.formula,
            since=self._since(told, id_),
            picture=self._picture(told, id_, p),
            group=group,
            member=member,
            p_without=p_without,
            p_among=told.among_mates(id_) if is_worth and not told.is_group else None,
            by_past=told.by_past,
        )

    def _since(self, told: Held, id_: str) -> dt.date:
        """Return the first day from which on the effect stands, to the nearest 26 days."""
        if told.by_past:
            return self.watched.recent_first
        at = told.subjects.at(id_)
        slices = self.cells.over_time(id_, is_group=told.is_group)
        peers = float(told.judged.expected[at] - told.subjects.expected[at])
        sign = 1 if self.question.high_is_bad else -1
        place = step(sign * (slices.effect - peers), slices.n.astype(float), self.cells.sigma2)
        return slice_day(self.watched, int(slices.ids[place]))

    def _picture(self, told: Held, id_: str, p: float) -> Picture:
        if p > _NEVER_NAMED:
            return Picture(Axis.PEERS, ())
        if not told.by_past:
            return among_peers(told.subjects, told.judged, id_, self.question.measure)
        slices = self.cells.over_time(id_, is_group=told.is_group)
        days = [slice_day(self.watched, number).isoformat() for number in range(SLICES)]
        return over_time(told, id_, slices, days, self.question.measure)
