"""Ballots, and what a group of them says: a score with its interval, and ratings by item."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from counterpoise.web.pulse.bands import HIGHEST_SCORE, LOWEST_SCORE
from counterpoise.web.pulse.items import HIGHEST, ITEMS, LOWEST

_SCALE = 20
_TAIL = 0.025


@dataclass(frozen=True, order=True)
class Ballot:
    """What one person answered, and nothing that tells who: ratings in the order of the items."""

    side: str
    team: str
    ratings: tuple[int, ...]

    @property
    def score(self) -> float:
        """Return its score, from 20 to 100.

        >>> Ballot("sales", "", (3, 4)).score
        70.0
        """
        return fmean(self.ratings) * _SCALE


@dataclass(frozen=True)
class Score:
    """What a group says: its mean score, how far its members lie apart, and ratings by item.

    Args:
        n: How many answered.
        mean: From 20 to 100.
        spread: The standard deviation of the members' scores.
        low: The lower end of the mean's 95 % interval (Student's t), not below the scale.
        high: Its upper end.
        ratings: For each item by its id how often each rating was given, the lowest first.
    """

    n: int
    mean: float
    spread: float
    low: float
    high: float
    ratings: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Difference:
    """How much higher one group's mean is than another's, with the 95 % interval after Welch."""

    value: float
    low: float
    high: float


def score_of(ballots: Sequence[Ballot]) -> Score:
    """Score a group of at least two."""
    scores = [ballot.score for ballot in ballots]
    mean, spread, n = fmean(scores), stdev(scores), len(scores)
    half = _reach(n - 1) * spread / math.sqrt(n)
    ratings = {
        item.id: tuple(
            sum(ballot.ratings[place] == rating for ballot in ballots)
            for rating in range(LOWEST, HIGHEST + 1)
        )
        for place, item in enumerate(ITEMS)
    }
    low, high = max(mean - half, LOWEST_SCORE), min(mean + half, HIGHEST_SCORE)
    return Score(n, mean, spread, low, high, ratings)


def difference(one: Score, other: Score) -> Difference:
    """Return how much higher the first mean is than the second."""
    parts = (one.spread**2 / one.n, other.spread**2 / other.n)
    value, error = one.mean - other.mean, math.sqrt(sum(parts))
    if error == 0:
        return Difference(value, value, value)
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / (one.n - 1) + parts[1] ** 2 / (other.n - 1))
    half = _reach(freedom) * error
    return Difference(value, value - half, value + half)


def _reach(freedom: float) -> float:
    from counterpoise.watch.distributions import t_end

    return t_end(_TAIL, freedom)
