"""Counting: from two answers to every past deal to the figures of a replay."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from counterpoise.ledger.fiscal import quarter_label
from counterpoise.ledger.groups import QUARTER, name_of
from counterpoise.rehearse.answering import Answers, Told
from counterpoise.rehearse.deal_arrays import NO_WEEK, Keys
from counterpoise.rehearse.exact import Amounts, Flags, Ints, money
from counterpoise.rehearse.past import Past
from counterpoise.rehearse.replay import (
    Answered,
    Counts,
    GroupReplay,
    Load,
    Move,
    Replay,
    Sums,
    Verdict,
)

VERDICTS = tuple(Verdict)
_KINDS = len(VERDICTS)

Names = Mapping[str, Mapping[str, str]]


class Cell(NamedTuple):
    """Deals with one answer under the agreements of their days and one under the candidate."""

    was: Told
    now: Told
    sums: Sums

    @property
    def is_changed(self) -> bool:
        """Tell whether the answer differs; a first answer is no change."""
        return self.was.answer != self.now.answer and not self.is_first

    @property
    def is_first(self) -> bool:
        """Tell whether no agreement was in force on their days, but the candidate answers."""
        is_new = self.now.answer.verdict is not Verdict.NO_AGREEMENT
        return self.was.answer.verdict is Verdict.NO_AGREEMENT and is_new


@dataclass(frozen=True)
class Counting:
    """Past deals under two agreements, to be counted.

    Attributes:
        was: What the agreements of their days answer.
        now: What the candidate answers.
        roles: The ladders of all agreements, lowest role first.
        starts: The month in which the fiscal year starts.
    """

    was: Answers
    now: Answers
    roles: tuple[str, ...]
    starts: int = 1

    @property
    def past(self) -> Past:
        """Return the deals."""
        return self.now.past

    def replay(self, by: Mapping[str, tuple[GroupReplay, ...]] = MappingProxyType({})) -> Replay:
        """Return the figures; those of groups come from `groups`."""
        cells = self.cells
        moves = _moves(cell for cell in cells if cell.is_changed)
        return Replay(
            deals=len(self.past),
            weeks=self.past.weeks,
            undated=int((~self.past.dated).sum()),
            was=self._answered(self.was, lambda cell: cell.was),
            now=self._answered(self.now, lambda cell: cell.now),
            moves=moves,
            first_answers=_moves(cell for cell in cells if cell.is_first),
            newly_excluded=self._newly(lambda told: told.is_excluded),
            no_longer_excluded=self._no_longer(lambda told: told.is_excluded),
            newly_below_floor=self._newly(lambda told: told.is_stopped),
            no_longer_below_floor=self._no_longer(lambda told: told.is_stopped),
            by=by,
        )

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Return the deals by both answers, with what they come to."""
        was, now = self.was.told, self.now.told
        codes = self.was.codes * len(now) + self.now.codes
        size = len(was) * len(now)
        deals = np.bincount(codes, minlength=size)
        amounts = [each.sums_by(codes, size) for each in self.past.summable]
        return tuple(
            Cell(
                was[at // len(now)],
                now[at % len(now)],
                Sums(int(deals[at]), *(money(each[at]) for each in amounts)),
            )
            for at in map(int, np.flatnonzero(deals))
        )

    def _answered(self, answers: Answers, side: Callable[[Cell], Told]) -> Answered:
        found = [(side(cell), cell.sums.deals) for cell in self.cells]
        counts = dict.fromkeys(VERDICTS, 0)
        for told, deals in found:
            counts[told.answer.verdict] += deals
        within = Amounts.of(answers.within[self.past.won]).total
        return Answered(
            counts=Counts(**{str(verdict.value): deals for verdict, deals in counts.items()}),
            loads=self._loads(answers),
            excluded=sum(deals for told, deals in found if told.is_excluded),
            below_floor=sum(deals for told, deals in found if told.is_stopped),
            within_authority=money(within),
        )

    def _loads(self, answers: Answers) -> tuple[Load, ...]:
        """Count on how many deals each role is asked, a week and in all."""
        weeks, kinds = self.past.weeks, len(answers.told)
        width = weeks + 1  # the last place is that of deals without a day
        week = np.where(self.past.week == NO_WEEK, weeks, self.past.week)
        table = np.bincount(answers.codes * width + week, minlength=kinds * width)
        table = table.reshape(kinds, width)
        return tuple(
            self._load(role, sum(_rows_that_ask(role, answers, table), np.zeros(width, np.int64)))
            for role in self.roles
        )

    def _load(self, role: str, asked: Ints) -> Load:
        weekly = asked[:-1]
        busiest = int(weekly.argmax()) if len(weekly) and weekly.any() else None
        return Load(
            role=role,
            deals=int(asked.sum()),
            weeks=self.past.weeks,
            busiest_week=None if busiest is None else self.past.monday(busiest),
            busiest=0 if busiest is None else int(weekly[busiest]),
        )

    def _newly(self, is_so: Callable[[Told], bool]) -> int:
        return sum(
            cell.sums.deals for cell in self.cells if is_so(cell.now) and not is_so(cell.was)
        )

    def _no_longer(self, is_so: Callable[[Told], bool]) -> int:
        return sum(
            cell.sums.deals for cell in self.cells if is_so(cell.was) and not is_so(cell.now)
        )

    def groups(self, names: Names) -> dict[str, tuple[GroupReplay, ...]]:
        """Return the groups of every grouping.

        Args:
            names: What keys are called, by grouping.
        """
        found = {
            name: self._groups(codes, keys, names.get(name, {}))
            for name, (codes, keys) in self.keys.items()
        }
        in_time = sorted(found[QUARTER], key=lambda group: (group.key is None, group.key or ""))
        return found | {QUARTER: tuple(in_time)}

    @cached_property
    def keys(self) -> dict[str, Keys]:
        """Return the groupings: the place of each deal's key among keys, and the keys."""
        codes, months = self.past.months
        quarters = [None if each is None else quarter_label(each, self.starts) for each in months]
        return {**self.past.keys, QUARTER: (codes, quarters)}

    def _groups(
        self, codes: Ints, keys: list[str | None], names: Mapping[str, str]
    ) -> tuple[GroupReplay, ...]:
        """Count each group; keys that are written alike are one."""
        pairs = self._counted_pairs(codes, len(keys))
        changed = self._changed_sums(codes, len(keys))
        found: dict[str | None, GroupReplay] = {}
        for key, pair, sums in zip(keys, pairs, changed, strict=True):
            group = _group(key, name_of(key, names), pair, sums)
            found[key] = _merged(found[key], group) if key in found else group
        return tuple(
            sorted(
                found.values(),
                key=lambda each: (
                    -each.changed.deals,
                    -each.deals,
                    each.key is None,
                    each.key or "",
                ),
            )
        )

    def _counted_pairs(self, codes: Ints, size: int) -> Ints:
        """Count each group's deals by both verdicts."""
        flat = (codes * _KINDS + self._verdicts[0]) * _KINDS + self._verdicts[1]
        counted = np.bincount(flat, minlength=size * _KINDS * _KINDS)
        return counted.reshape(size, _KINDS, _KINDS)

    def _changed_sums(self, codes: Ints, size: int) -> list[Sums]:
        """Add up each group's deals whose answer differs."""
        which = codes[self.changed]
        deals = np.bincount(which, minlength=size)
        amounts = [each.sums_by(which, size) for each in self._summable_changed]
        return [Sums(int(deals[at]), *(money(each[at]) for each in amounts)) for at in range(size)]

    @cached_property
    def _summable_changed(self) -> list[Amounts]:
        return [each.picked(self.changed) for each in self.past.summable]

    @cached_property
    def _verdicts(self) -> tuple[Ints, Ints]:
        """Return the place of each deal's verdict under both."""
        was, now = (
            np.array([VERDICTS.index(told.answer.verdict) for told in answers.told], np.int64)[
                answers.codes
            ]
            for answers in (self.was, self.now)
        )
        return was, now

    @cached_property
    def changed(self) -> Flags:
        """Tell of each deal whether its answer differs."""
        table = np.array(
            [[Cell(was, now, Sums()).is_changed for now in self.now.told] for was in self.was.told]
        )
        flags: Flags = table[self.was.codes, self.now.codes]
        return flags


def _rows_that_ask(role: str, answers: Answers, table: Ints) -> Iterator[Ints]:
    for told, row in zip(answers.told, table, strict=True):
        if role in told.answer.roles:
            yield row


def _moves(cells: Iterable[Cell]) -> tuple[Move, ...]:
    """Put deals together that move alike, the most frequent move first."""
    found: dict[tuple[object, object], Move] = {}
    for cell in cells:
        pair = (cell.was.answer, cell.now.answer)
        sums = found[pair].sums + cell.sums if pair in found else cell.sums
        found[pair] = Move(cell.was.answer, cell.now.answer, sums)
    return tuple(
        sorted(found.values(), key=lambda move: (-move.sums.deals, move.was.says, move.now.says))
    )


def _group(key: str | None, name: str, pairs: Ints, changed: Sums) -> GroupReplay:
    was, now = (
        Counts(**dict(zip((str(each.value) for each in VERDICTS), map(int, found), strict=True)))
        for found in (pairs.sum(axis=1), pairs.sum(axis=0))
    )
    return GroupReplay(key, name, int(pairs.sum()), changed, was, now)


def _merged(one: GroupReplay, other: GroupReplay) -> GroupReplay:
    return GroupReplay(
        one.key,
        one.name,
        one.deals + other.deals,
        one.changed + other.changed,
        one.was + other.was,
        one.now + other.now,
    )
