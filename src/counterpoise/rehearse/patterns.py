"""Patterns: what the chain needs to know of deals that are alike but for their price.

Thousands of deals share one: the same rows may decide, the same role asks, the same levers hold.
What an agreement answers to a pattern is a stair in the rate that a deal needs, and the desk
itself answers on every step of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from counterpoise.desk.authority import NO_LIVE_ROW, LiveRow, Ready
from counterpoise.desk.case import ZERO
from counterpoise.desk.discount import Asker, row_outcome
from counterpoise.desk.outcome import Outcome
from counterpoise.desk.past import askers_of
from counterpoise.rehearse.exact import MILLION, millionths

LEVER_OFF, LEVER_UNKNOWN, LEVER_ON = range(3)
_LIST = Decimal(1)


class Pattern(NamedTuple):
    """What is known of a deal, or of a line, but its price.

    `places` are those of the rows that may decide, in the version's chain, its end the last;
    `role` is None where nobody knows it; `levers` tells of each lever whether it holds.
    """

    version: int
    places: tuple[int, ...]
    role: str | None
    levers: tuple[int, ...]


class Step(NamedTuple):
    """What is answered on one step, in both readings, and by which pattern and agreement.

    `clause` is None where several rows may decide; authority is what the asker may grant alone,
    `top` what anybody may, in millionths, in the strict and in the lenient reading.
    """

    version: int
    strict: Outcome
    lenient: Outcome
    clause: str | None
    ranks: tuple[int, int]
    authority: tuple[int, int]
    top: tuple[int, int]
    is_excluded: bool


@dataclass(frozen=True)
class Stair:
    """The steps of a pattern under an agreement, made as they are asked for."""

    pattern: Pattern
    ready: Ready

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """Return up to which rate each step but the last reaches, in millionths, rising."""
        rates = {
            grant.rate + extra
            for row in self._rows
            for grant in row.grants
            for extra in (self._levers if row.earns_levers else (ZERO,))
        }
        return tuple(sorted({0, *map(millionths, rates)}))

    def step(self, at: int) -> Step:
        """Return what is answered on a step."""
        ends = self.ends
        needed = Decimal(ends[at] if at < len(ends) else ends[-1] + 1) / MILLION
        low, high = self._levers
        strict = max(self._outcomes(needed, low), key=_weight)
        same = low == high and len(self._pairs) == 1
        lenient = strict if same else min(self._outcomes(needed, high), key=_weight)
        return self._told._replace(strict=strict, lenient=lenient)

    @cached_property
    def _told(self) -> Step:
        """Return what all steps have in common."""
        low, high = self._levers
        ranks = [asker.rank for _, asker in self._pairs]
        clauses = {row.clause for row in self._rows}
        one = next(self._outcomes(ZERO, low))
        return Step(
            version=self.pattern.version,
            strict=one,
            lenient=one,
            clause=clauses.pop() if len(clauses) == 1 else None,
            ranks=(min(ranks), max(ranks)),
            authority=(
                min(map(_limit, self._outcomes(ZERO, low))),
                max(map(_limit, self._outcomes(ZERO, high))),
            ),
            top=(
                min(_highest(row, low) for row in self._rows),
                max(_highest(row, high) for row in self._rows),
            ),
            is_excluded=all(row.is_exclusion for row in self._rows),
        )

    def _outcomes(self, needed: Decimal, levers: Decimal) -> Iterator[Outcome]:
        return (row_outcome(row, _LIST, needed, asker, levers) for row, asker in self._pairs)

    @cached_property
    def _rows(self) -> tuple[LiveRow, ...]:
        chain = (*self.ready.rows.rows, NO_LIVE_ROW)
        return tuple(chain[place] for place in self.pattern.places)

    @cached_property
    def _pairs(self) -> tuple[tuple[LiveRow, Asker], ...]:
        role = self.pattern.role
        return tuple(
            (row, asker) for row in self._rows for asker in askers_of(role, row, self.ready)
        )

    @cached_property
    def _levers(self) -> tuple[Decimal, Decimal]:
        """Return what levers add, unknown ones left out and counted."""
        levers = self.ready.levers
        held = list(zip(levers.all, self.pattern.levers, strict=True))
        sums = [
            sum((live.lever.adds for live, state in held if state >= least), ZERO)
            for least in (LEVER_ON, LEVER_UNKNOWN)
        ]
        low, high = (total if levers.cap is None else min(total, levers.cap) for total in sums)
        return low, high


def _weight(outcome: Outcome) -> int:
    return outcome.weight


def _limit(outcome: Outcome) -> int:
    return millionths(outcome.limit or ZERO)


def _highest(row: LiveRow, levers: Decimal) -> int:
    extra = levers if row.earns_levers else ZERO
    return max((millionths(grant.rate + extra) for grant in row.grants), default=0)
