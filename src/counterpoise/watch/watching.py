"""The watch: every kind's tests, judged together as one family, become cracks."""

from __future__ import annotations

import hashlib
import logging
import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property

import ibis.expr.types as ir
import numpy as np

from counterpoise.ledger.crack import Crack, NotWatched
from counterpoise.watch.judge import q_values
from counterpoise.watch.kind import Kind, Tested
from counterpoise.watch.registry import all_kinds
from counterpoise.watch.stakes import Stake, Together
from counterpoise.watch.watched import Watched

logger = logging.getLogger(__name__)

CLOSES_ABOVE = 0.30
"""A crack that is open closes when its q-value rises above this."""

Asked = tuple[Kind, Tested]


@dataclass(frozen=True)
class Found:
    """A crack and what it came from."""

    crack: Crack
    kind: Kind
    tested: Tested


@dataclass(frozen=True)
class Measured:
    """What was measured of a crack that was open and is not found any more.

    A plain fact that is over is not measured at all.
    """

    id: str
    observed: float
    expected: float
    low: float
    high: float
    n: int
    q_value: float | None
    stake: float


@dataclass(frozen=True)
class Watching:
    """What one review's watch found, most money first, and which kinds it could not watch.

    `questions` is how many subjects were tested, all kinds together. `no_longer` are the cracks
    that were open, were measured, and are not found any more. `watched` is None where no agreement
    is there to hold the books against: then nothing was asked.
    """

    watched: Watched | None
    found: tuple[Found, ...]
    not_watched: tuple[NotWatched, ...]
    questions: int
    no_longer: tuple[Measured, ...] = ()
    _rows: dict[str, ir.Table] = field(default_factory=dict, repr=False, compare=False)

    @property
    def cracks(self) -> tuple[Crack, ...]:
        """Return the cracks."""
        return tuple(each.crack for each in self.found)

    def rows_of(self, found: Found) -> ir.Table:
        """Return the rows behind a finding: the table's id first, then `stake_part` among others.

        They are read once and kept. `stake_part` is money a quarter of the row.
        """
        assert self.watched is not None, "nothing is found where nothing was asked"
        id_ = found.crack.id
        if id_ not in self._rows:
            rows = found.kind.rows(self.watched, found.tested)
            self._rows[id_] = self.watched.books.keep(rows, "crack_rows")
        return self._rows[id_]

    def total_stake(self, among: Iterable[Found] | None = None) -> float:
        """Return what findings are worth together, money a quarter; a deal's money counts once.

        Args:
            among: Which findings, such as those of one side; by default all.
        """
        if not self.found:
            return 0.0
        places = {each.crack.id: at for at, each in enumerate(self.found)}
        chosen = self.found if among is None else among
        return self._together.worth([places[each.crack.id] for each in chosen])

    @cached_property
    def _together(self) -> Together:
        assert self.watched is not None, "nothing is found where nothing was asked"
        stakes = [Stake(float(each.tested.stake), self.rows_of(each)) for each in self.found]
        return Together.of(self.watched.books, stakes)


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
    asked, missing = _answers(watched)
    q = _adjusted([tested.p for _, tested in asked])
    judged = [(kind, tested, each) for (kind, tested), each in zip(asked, q, strict=True)]
    chosen = [each for each in judged if _counts(watched, *each, is_open)]
    cut = max((t.p for _, t, _ in chosen if t.p is not None), default=0.0)
    kept = one_cause([(kind, tested) for kind, tested, _ in chosen], max(cut, 1e-4))
    named = {id(tested) for _, tested in kept}
    found = [
        Found(_crack(watched, kind, tested, each), kind, tested)
        for kind, tested, each in chosen
        if id(tested) in named
    ]
    found.sort(key=lambda each: (-each.crack.stake, each.crack.id))
    no_longer = [
        _measured(kind, tested, each)
        for kind, tested, each in judged
        if id(tested) not in named and _id_of(kind, tested) in is_open
    ]
    return Watching(watched, tuple(found), tuple(missing), len(asked), tuple(no_longer))


def _answers(watched: Watched) -> tuple[list[Asked], list[NotWatched]]:
    """Ask every kind that can be asked; the others are listed with the reason.

    A kind that fails over these books is one that could not be watched: the others stand, and the
    cracks of it that are open stay as they are.
    """
    asked: list[Asked] = []
    missing = []
    for name, kind in all_kinds().items():
        try:
            why = _missing(watched, kind)
            found = [] if why else [*kind.test(watched)]
        except Exception as error:
            logger.exception("a kind of crack failed", extra={"kind": name})
            why, found = f"it failed over these books: {type(error).__name__}: {error}", []
        if why:
            missing.append(NotWatched(name, why))
        asked += [(kind, each) for each in found if each.p is None or not math.isnan(each.p)]
    return asked, missing


def _missing(watched: Watched, kind: Kind) -> str:
    """Say why the books cannot show a kind; "" if they can."""
    absent = [each for each in kind.needs if not watched.books.has(each)]
    if absent:
        words = " and no ".join(each.replace("_", " ") for each in absent)
        return f"the books hold no {words}"
    return kind.missing(watched)


def one_cause(found: list[Asked], cut: float) -> list[Asked]:
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
    is_kept = _id_of(kind, tested) in is_open
    return q <= (CLOSES_ABOVE if is_kept else float(rules.false_alarms))


def _id_of(kind: Kind, tested: Tested) -> str:
    return crack_id(kind.name, tested.variant, tested.subject.type, tested.subject.id)


def _measured(kind: Kind, tested: Tested, q: float | None) -> Measured:
    return Measured(
        id=_id_of(kind, tested),
        observed=tested.observed,
        expected=tested.expected,
        low=tested.low,
        high=tested.high,
        n=tested.n,
        q_value=q,
        stake=float(tested.stake),
    )


def _crack(watched: Watched, kind: Kind, tested: Tested, q: float | None) -> Crack:
    return Crack(
        id=_id_of(kind, tested),
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
