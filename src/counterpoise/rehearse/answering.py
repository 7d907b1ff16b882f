"""Answering: what agreements say to every past deal, the floor included.

It is the strict and the lenient reading of the desk, deal by deal: where both agree, that is the
answer; where a missing fact or an unknown role parts them, the deal is unjudged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from counterpoise.agreement.document import Agreement
from counterpoise.desk.authority import Ready
from counterpoise.desk.case import ZERO
from counterpoise.desk.discount import Asker
from counterpoise.desk.floor import floor_outcome
from counterpoise.desk.outcome import Outcome
from counterpoise.desk.outcome import Verdict as Said
from counterpoise.rehearse.exact import Flags, Ints, millionths, over_authority
from counterpoise.rehearse.past import Past, Placing, Units
from counterpoise.rehearse.patterns import Step
from counterpoise.rehearse.placed import Steps
from counterpoise.rehearse.replay import Answer, Verdict

_NO_FLOOR = -2
"""Lies below what every price keeps."""
_BITS = 21
_MOST = (1 << _BITS) - 1


class Told(NamedTuple):
    """All that figures ask of an answer.

    `is_excluded`: an exclusion refuses a discount; `is_stopped`: the floor asks for more, or
    refuses.
    """

    answer: Answer
    clause: str | None = None
    is_excluded: bool = False
    is_stopped: bool = False


UNPRICED = Told(Answer(Verdict.UNPRICED))
NO_AGREEMENT = Told(Answer(Verdict.NO_AGREEMENT))


class _Reduced(NamedTuple):
    """The steps that tell for deals: the worst in the strict reading, that of the lenient one."""

    strict: Step
    lenient: Step
    ranks: tuple[int, int]
    is_below: bool


@dataclass(frozen=True)
class Answers:
    """What is answered to every past deal.

    Attributes:
        past: The deals.
        told: The different answers.
        codes: For each deal the place of its answer among them.
        parts: The units and the steps on which they stand; no deal is in two parts.
    """

    past: Past
    told: tuple[Told, ...]
    codes: Ints
    parts: tuple[tuple[Units, Steps], ...]

    @cached_property
    def within(self) -> Ints:
        """Return what of each deal's concession its owner may surely grant alone."""
        within = np.zeros(len(self.past), np.int64)
        for units, _ in self.parts:
            np.add.at(within, units.deal, units.conceded)
        return within - self.over("authority", lenient=False)

    def over(self, figure: str, *, lenient: bool) -> Ints:
        """Return what of each deal's concession lies above a figure of its step.

        Args:
            figure: `authority`, what the owner may grant alone, or `top`, what anybody may.
            lenient: Whether the lenient reading counts, or the strict one.
        """
        total = np.zeros(len(self.past), np.int64)
        for units, steps in self.parts:
            rate = steps.of_units([getattr(step, figure)[lenient] for step in steps.steps])
            above = np.flatnonzero(units.needed > rate)
            amounts = (units.list_amount, units.gap, units.conceded, rate)
            over = over_authority(*(each[above] for each in amounts))
            np.add.at(total, units.deal[above], over)
        return total


def answered(past: Past, placing: Placing, agreements: Sequence[Agreement]) -> Answers:
    """Answer every deal.

    Args:
        past: The deals.
        placing: Where they stand.
        agreements: One of the same shape for each version of the placing.
    """
    return _Answering(past, placing, tuple(agreements)).answers()


@dataclass(frozen=True)
class _Answering:
    """One run over the deals; answers get a number as they occur."""

    past: Past
    placing: Placing
    agreements: tuple[Agreement, ...]

    def answers(self) -> Answers:
        """Answer every deal."""
        numbers: dict[Told, int] = {UNPRICED: 0, NO_AGREEMENT: 1}
        codes = np.where(self.past.priced, numbers[NO_AGREEMENT], numbers[UNPRICED])
        parts = []
        for units, by_line in ((self.placing.deals, False), (self.placing.lines, True)):
            if units is None or not len(units.deal):
                continue
            steps = units.placed.answered(self.ready)
            parts.append((units, steps))
            deals, kinds, found = (
                self._lines(units, steps) if by_line else self._whole(units, steps)
            )
            table = np.zeros(len(kinds), np.int64)
            for at in np.flatnonzero(np.bincount(found, minlength=len(kinds))):
                table[at] = numbers.setdefault(self._told(kinds[at]), len(numbers))
            codes[deals] = table[found]
        return Answers(self.past, tuple(numbers), codes, tuple(parts))

    @cached_property
    def ready(self) -> tuple[Ready, ...]:
        """Return the agreements ready to answer."""
        return tuple(Ready(each, self.past.fields) for each in self.agreements)

    def _whole(self, units: Units, steps: Steps) -> tuple[Ints, list[_Reduced], Ints]:
        """Return the deals that are judged whole, the kinds of them, and the kind of each."""
        below = self._below(steps.codes, steps, units.deal)
        kinds = [
            _Reduced(step, step, step.ranks, is_below)
            for step in steps.steps
            for is_below in (False, True)
        ]
        return units.deal, kinds, steps.codes * 2 + below

    def _lines(self, units: Units, steps: Steps) -> tuple[Ints, list[_Reduced], Ints]:
        """Return the deals that are judged by line, the kinds of them, and the kind of each.

        The strictest line tells; of equals the first.
        """
        starts = np.flatnonzero(np.diff(units.deal, prepend=-1))
        lengths = np.diff(starts, append=len(units.deal))
        place = np.arange(len(units.deal)) - np.repeat(starts, lengths)
        deals = units.deal[starts]

        def worst(weights: list[int]) -> Ints:
            """Return the step of each deal's heaviest line."""
            order = np.unique(np.array(weights, np.int64), return_inverse=True)[1][steps.codes]
            packed = (order << (2 * _BITS)) | ((_MOST - place) << _BITS) | steps.codes
            return np.maximum.reduceat(packed, starts) & _MOST

        strict = worst([step.strict.weight for step in steps.steps])
        lenient = worst([step.lenient.weight for step in steps.steps])
        low = np.minimum.reduceat(steps.of_units([step.ranks[0] for step in steps.steps]), starts)
        high = np.maximum.reduceat(steps.of_units([step.ranks[1] for step in steps.steps]), starts)
        below = self._below(strict, steps, deals)
        columns = np.stack((strict, lenient, low, high, below.astype(np.int64)))
        rows, codes = np.unique(columns, axis=1, return_inverse=True)
        kinds = [
            _Reduced(steps.steps[one], steps.steps[other], (least, most), bool(is_below))
            for one, other, least, most, is_below in rows.T.tolist()
        ]
        return deals, kinds, codes

    def _below(self, codes: Ints, steps: Steps, deals: Ints) -> Flags:
        """Tell which deals lie below the floor of their version."""
        floors = [each.discounts.floor for each in self.agreements]
        least = [_NO_FLOOR if floor is None else millionths(floor.margin) for floor in floors]
        margins = np.array([least[step.version] for step in steps.steps], np.int64)
        return margins[codes] > self.past.affords[deals]

    def _told(self, kind: _Reduced) -> Told:
        """Say what is answered to deals of a kind."""
        strict, lenient = kind.strict.strict, kind.lenient.lenient
        floors = list(self._floor(kind))
        worst, best = (
            max(one, other, key=_weight)
            for one, other in zip((strict, lenient), floors, strict=True)
        )
        if worst.weight != best.weight or strict.approvers != lenient.approvers:
            return Told(Answer(Verdict.UNJUDGED), kind.strict.clause)
        needs = worst.verdict is Said.NEEDS_APPROVAL
        approvers = strict.approvers if needs else ()
        answer = Answer(
            Verdict(worst.verdict.value), approvers, floors[0].approver if needs else None
        )
        return Told(
            answer,
            kind.strict.clause,
            kind.strict.is_excluded and strict.verdict is Said.REFUSED,
            floors[0].weight > 0,
        )

    def _floor(self, kind: _Reduced) -> Iterator[Outcome]:
        """Yield what the floor answers in the strict reading, and in the lenient one."""
        ready = self.ready[kind.strict.version]
        cost = ZERO if kind.is_below else None  # a price of nothing lies below every floor
        for rank in kind.ranks:
            yield floor_outcome(ZERO, cost, ZERO, ready, Asker(None, rank))


def _weight(outcome: Outcome) -> int:
    return outcome.weight
