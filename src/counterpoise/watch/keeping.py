"""Holding people and their teams to what was promised: how often it was not kept.

The share of bad cases is held against what the agreement lets pass, 1 − `watch.promises_kept`, by
the exact binomial. Everybody with due cases enough to reach the material stake is asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from counterpoise.agreement.document import Side
from counterpoise.ledger.crack import Subject
from counterpoise.watch.judge import among, binomial, of_several, share_interval
from counterpoise.watch.kind import Tested
from counterpoise.watch.mix import Cells
from counterpoise.watch.picture import Axis, Mark, Picture
from counterpoise.watch.sample import Floats, Ints
from counterpoise.watch.steps import slice_day, step
from counterpoise.watch.watched import Watched

FEWEST_DUE = 3
"""Cases without which nobody is asked."""


@dataclass(frozen=True)
class Promise:
    """What people and their teams are held to.

    Attributes:
        side: Who should act.
        person: The variant of a person, and how to make a subject of an id.
        group: The variant of a group, and how to make a subject of it.
        formula: How the stake is reckoned, in words.
        measure: What the share is, in words.
    """

    side: Side
    person: tuple[str, Callable[[str], Subject]]
    group: tuple[str, Callable[[str], Subject]]
    formula: str
    measure: str


def kept(watched: Watched, cells: Cells, promise: Promise) -> Iterator[Tested]:
    """Test every person, and every team of at least two, on the bad share of what was due.

    Args:
        watched: What is watched; its agreement says how often a promise has to be kept.
        cells: Sums of 1 for a bad case and 0 for one that was kept, by person, team and slice;
            the base is money a quarter that hangs on the cases.
        promise: What was promised, in words.
    """
    yield from _Keeping(watched, cells, promise).tests()


@dataclass(frozen=True)
class _Tally:
    """Cases due and bad ones of each, with the money that hangs on them."""

    ids: tuple[str, ...]
    n: Ints
    bad: Ints
    base: Floats

    @property
    def share(self) -> Floats:
        """Return the bad share."""
        found: Floats = self.bad / np.maximum(self.n, 1)
        return found


@dataclass(frozen=True)
class _Keeping:
    watched: Watched
    cells: Cells
    promise: Promise

    def tests(self) -> Iterator[Tested]:
        """Yield the tests of people, then of teams."""
        for at in range(len(self.people.ids)):
            yield from self._tested(self.people, at, is_group=False)
        for at in range(len(self.teams.ids)):
            if len(self._members(self.teams.ids[at])) > 1:
                yield from self._tested(self.teams, at, is_group=True)

    @property
    def allowed(self) -> float:
        """Return the share that may be bad."""
        return 1.0 - float(self.watched.agreement.watch.promises_kept)

    @cached_property
    def people(self) -> _Tally:
        """Return the people."""
        return self._tally(self.cells.subjects, self.cells.subject)

    @cached_property
    def teams(self) -> _Tally:
        """Return the teams, of the days of their cases."""
        return self._tally(self.cells.groups, self.cells.group)

    @cached_property
    def _team_of(self) -> dict[str, str]:
        sample = self.cells.people()
        return dict(zip(sample.ids, sample.groups, strict=True))

    def _tally(self, ids: tuple[str, ...], code: Ints) -> _Tally:
        own, size = code >= 0, len(ids)
        n = np.bincount(code[own], self.cells.n[own], size)
        bad = np.bincount(code[own], self.cells.total[own], size)
        return _Tally(
            ids,
            n.astype(np.int64),
            np.rint(bad).astype(np.int64),
            np.bincount(code[own], self.cells.base[own], size).astype(np.float64),
        )

    def _members(self, team: str) -> list[tuple[int, int, int]]:
        """Return who had cases in a team: their code, cases due and bad ones there."""
        own = (self.cells.group == self.cells.groups.index(team)) & (self.cells.subject >= 0)
        found = []
        for code in np.unique(self.cells.subject[own]):
            rows = own & (self.cells.subject == code)
            due, bad = self.cells.n[rows].sum(), self.cells.total[rows].sum()
            found.append((int(code), int(due), round(float(bad))))
        return found

    def _tested(self, tally: _Tally, at: int, *, is_group: bool) -> Iterator[Tested]:
        id_, n, bad = tally.ids[at], int(tally.n[at]), int(tally.bad[at])
        reach = float(tally.base[at]) * (1.0 - self.allowed)
        if n < FEWEST_DUE or reach < float(self.watched.agreement.watch.material):
            return
        share = bad / n
        p = self._p(bad, n)
        low, high = share_interval(bad, n)
        variant, make = self.promise.group if is_group else self.promise.person
        stands_out = p < 0.05
        member, p_without = self._without(id_) if is_group and stands_out else ("", None)
        yield Tested(
            variant=variant,
            subject=make(id_),
            side=self.promise.side,
            observed=share,
            expected=self.allowed,
            low=low,
            high=high,
            n=n,
            p=p,
            stake=self.watched.cents(max(0.0, share - self.allowed) * float(tally.base[at])),
            stake_formula=self.promise.formula,
            since=self._since(id_, is_group=is_group) if stands_out else self.watched.first,
            picture=self._picture(tally, at) if stands_out else Picture(Axis.PEERS, ()),
            group="" if is_group else self._team_of.get(id_, ""),
            member=member,
            p_without=p_without,
            p_among=self._among(id_) if stands_out and not is_group else None,
            notes={"bad": bad},
        )

    def _p(self, bad: int, n: int) -> float:
        return float(binomial(np.array([bad]), np.array([n]), self.allowed)[0])

    def _without(self, team: str) -> tuple[str, float]:
        """Return the member who adds most, and the team's p-value without them."""
        members = self._members(team)
        code, due, bad = max(members, key=lambda each: each[2] - self.allowed * each[1])
        all_due, all_bad = (sum(each[at] for each in members) for at in (1, 2))
        return self.cells.subjects[code], self._p(all_bad - bad, all_due - due)

    def _among(self, person: str) -> float | None:
        """Return the p-value of a person among the members of their team, for all who could be."""
        team = self._team_of.get(person, "")
        members = self._members(team) if team else []
        code = self.cells.subjects.index(person)
        own = [each for each in members if each[0] == code]
        if len(members) < 3 or not own:
            return None
        all_due, all_bad = (sum(each[at] for each in members) for at in (1, 2))
        _, due, bad = own[0]
        return of_several(among(bad, due, all_bad, all_due), len(members))

    def _since(self, id_: str, *, is_group: bool) -> dt.date:
        """Return the first day from which on it is more than allowed, to the nearest 26 days."""
        slices = self.cells.over_time(id_, is_group=is_group)
        beyond = slices.observed - self.allowed
        place = step(beyond, slices.n.astype(float), self.allowed * (1.0 - self.allowed))
        return slice_day(self.watched, int(slices.ids[place]))

    def _picture(self, tally: _Tally, at: int) -> Picture:
        marks = []
        for place in range(len(tally.ids)):
            n, bad = int(tally.n[place]), int(tally.bad[place])
            if n >= FEWEST_DUE:
                low, high = share_interval(bad, n)
                marks.append(Mark(tally.ids[place], bad / n, low, high, n, place == at))
        return Picture(Axis.PEERS, tuple(marks), self.allowed, self.promise.measure)
