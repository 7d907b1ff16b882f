"""The watch: every kind's tests, judged together as one family, become cracks."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np

from counterpoise.ledger.crack import Crack, NotWatched
from counterpoise.watch.judge import q_values
from counterpoise.watch.kind import Kind, Tested
from counterpoise.watch.registry import all_kinds
from counterpoise.watch.stakes import Stake, counted_once
from counterpoise.watch.watched import Watched

CLOSES_ABOVE = 0.30
"""A crack that is open closes when its q-value rises above this."""


@dataclass(frozen=True)
class Found:
    """A crack and what it came from."""

    crack: Crack
    kind: Kind
    tested: Tested


@dataclass(frozen=True)
class Watching:
    """What one review's watch found, most money first, and which kinds it could not watch.

    `questions` is how many subjects were tested, all kinds together. `watched` is None where no
    agreement is there to hold the books against: then nothing was asked.
    """

    watched: Watched | None
    found: tuple[Found, ...]
    not_watched: tuple[NotWatched, ...]
    questions: int

    @property
    def cracks(self) -> tuple[Crack, ...]:
        """Return the cracks."""
        return tuple(each.crack for each in self.found)

    def rows_of(self, found: Found) -> ir.Table:
        """Return the rows behind a finding: the table's id first, then `stake_part` among others.

        `stake_part` is money a quarter of the row.
        """
        assert self.watched is not None, "nothing is found where nothing was asked"
        return found.kind.rows(self.watched, found.tested)

    def total_stake(self, among: Iterable[Found] | None = None) -> float:
        """Return what findings are worth together, money a quarter; a deal's money counts once.

        Args:
            among: Which findings, such as those of one side; by default all.
        """
        if self.watched is None:
            return 0.0
        chosen = self.found if among is None else among
        stakes = [Stake(float(each.tested.stake), self.rows_of(each)) for each in chosen]
        return counted_once(self.watched.books, stakes)


def crack_id(kind: str, variant: str, subject_type: str, subject_id: str) -> str:
    """Return the identity of a crack as one word, the same in every review.

    >>> crack_id("discount_drift", "rep", "person", "P7")
    'discount_drift-rep-dec5f9db'
    """
    whole = f"{kind}\x1f{variant}\x1f{subject_type}\x1f{subject_id}"
    return f"{kind}-{variant}-{hashlib.sha256(whole.encode()).hexdigest()[:8]}"


def watch(watched: Watched, is_open: Collection[str] = ()) -> Watching:
    """Ask every kind, judge all answers as one family, and name the cracks.

    Args:
        watched: The books as of a day.
        is_open: Ids of cracks that are open: they stay until their q-value rises above 30 %.
    """
    missing = [*_missing(watched)]
    silent = {each.kind for each in missing}
    asked = [
        (kind, tested)
        for name, kind in all_kinds().items()
        if name not in silent
        for tested in kind.test(watched)
        if tested.p is None or not math.isnan(tested.p)
    ]
    q = _adjusted([tested.p for _, tested in asked])
    chosen = [
        (kind, tested, each)
        for (kind, tested), each in zip(asked, q, strict=True)
        if _counts(watched, kind, tested, each, is_open)
    ]
    cut = max((t.p for _, t, _ in chosen if t.p is not None), default=0.0)
    kept = one_cause([(kind, tested) for kind, tested, _ in chosen], max(cut, 1e-4))
    named = {id(tested) for _, tested in kept}
    found = [
        Found(_crack(watched, kind, tested, each), kind, tested)
        for kind, tested, each in chosen
        if id(tested) in named
    ]
    found.sort(key=lambda each: (-each.crack.stake, each.crack.id))
    return Watching(watched, tuple(found), tuple(missing), len(asked))


def one_cause(found: list[tuple[Kind, Tested]], cut: float) -> list[tuple[Kind, Tested]]:
    """Leave out findings that another one explains.

    A group is not named where it would not stand out without one member; a member of a group that
    is named only if it stands out among the others of the group.

    Args:
        found: What counts.
        cut: The largest p-value that counted.
    """
    groups = {
        (kind.name, tested.subject.id)
        for kind, tested in found
        if tested.member and not _is_one_member(tested, cut)
    }
    return [
        (kind, tested)
        for kind, tested in found
        if not (tested.member and _is_one_member(tested, cut))
        and not (
            (kind.name, tested.group) in groups
            and tested.p_among is not None
            and tested.p_among > _AMONG
        )
    ]


_AMONG = 0.01


def _is_one_member(tested: Tested, cut: float) -> bool:
    return tested.p_without is None or not tested.p_without <= max(cut, _AMONG)


def _missing(watched: Watched) -> Iterator[NotWatched]:
    for name, kind in all_kinds().items():
        absent = [each for each in kind.needs if not watched.books.has(each)]
        if absent:
            words = " and no ".join(each.replace("_", " ") for each in absent)
            yield NotWatched(name, f"the books hold no {words}")
        elif why := kind.missing(watched):
            yield NotWatched(name, why)


def _adjusted(p: list[float | None]) -> list[float | None]:
    """Return the q-value of each; a plain fact has none and is no member of the family."""
    judged = [each for each in p if each is not None]
    found = iter(q_values(np.array(judged, dtype=np.float64)))
    return [None if each is None else float(next(found)) for each in p]


def _counts(
    watched: Watched, kind: Kind, tested: Tested, q: float | None, is_open: Collection[str]
) -> bool:
    rules = watched.agreement.watch
    if tested.stake < rules.material:
        return False
    if q is None:
        return True
    id_ = crack_id(kind.name, tested.variant, tested.subject.type, tested.subject.id)
    return q <= (CLOSES_ABOVE if id_ in is_open else float(rules.false_alarms))


def _crack(watched: Watched, kind: Kind, tested: Tested, q: float | None) -> Crack:
    return Crack(
        id=crack_id(kind.name, tested.variant, tested.subject.type, tested.subject.id),
        kind=kind.name,
        variant=tested.variant,
        side=str(tested.side),
        subject=tested.subject,
        says=kind.says(watched, tested),
        observed=tested.observed,
        expected=tested.expected,
        low=tested.low,
        high=tested.high,
        n=tested.n,
        q_value=q,
        stake=float(tested.stake),
        stake_formula=tested.stake_formula,
        since=tested.since,
        next_step=kind.next_step(watched, tested),
    )
