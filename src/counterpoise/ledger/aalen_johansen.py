"""Competing outcomes over age: what share had come to each outcome by then, and how sure that is.

At ages t₁ < t₂ < … of n at risk d came to some outcome, d₁ of them to the one that is meant. With
S(t) = Π (1 - d/n), the share that came to it by t is (Aalen & Johansen 1978, Scandinavian Journal
of Statistics 5:141-150)

    F(t) = Σ S(before t_j) · d₁_j / n_j

and its variance is by the delta method (Greenwood's form; Marubini & Valsecchi 1995, "Analysing
Survival Data from Clinical Trials and Observational Studies", ch. 10)

    Σ (F(t) - F(t_j))² d_j / (n_j (n_j - d_j)) + Σ S(before)² d₁_j (n_j - d₁_j) / n_j³
      - 2 Σ (F(t) - F(t_j)) S(before) d₁_j / n_j²

Where nobody is censored it is that of a plain share. The interval is taken on the scale of
log(-log F), which keeps it between 0 and 1. Whoever has no outcome yet is at risk up to the present
age, and must not differ by that from those who are older: a campaign that changed breaks it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

Z95 = 1.959963984540054
"""The normal deviate of a 95 % interval."""

_TAIL = 0.025


@dataclass(frozen=True)
class Age:
    """What happened at an age: how many came to the outcome, to another, or are no older yet."""

    age: int
    meant: int
    other: int
    censored: int


@dataclass(frozen=True)
class Incidence:
    """The share that had come to an outcome by an age, its variance, and how many were at risk."""

    age: int
    share: float
    variance: float
    at_risk: int

    @property
    def interval(self) -> tuple[float, float]:
        """Return the 95 % interval; of a share of 0 or 1 the exact one of those at risk."""
        share, deviation = self.share, math.sqrt(max(self.variance, 0.0))
        if not 0 < share < 1 or not deviation:
            rest = _TAIL ** (1 / self.at_risk) if self.at_risk else 0.0
            return (0.0, 1 - rest) if share == 0 else (min(rest, share), share)
        spread = Z95 * deviation / (share * abs(math.log(share)))
        return share ** math.exp(spread), share ** math.exp(-spread)


def incidence(ages: Iterable[Age]) -> tuple[Incidence, ...]:
    """Return the share that had come to the outcome, at every age at which something happened.

    Four leads: one is won at age 1, one is lost at 2, one is 2 days old, one is won at 3.

    >>> found = incidence([Age(1, 1, 0, 0), Age(2, 0, 1, 1), Age(3, 1, 0, 0)])
    >>> [(each.age, each.at_risk, each.share) for each in found]
    [(1, 4, 0.25), (2, 3, 0.25), (3, 1, 0.75)]
    """
    rows = sorted((each for each in ages), key=lambda each: each.age)
    at_risk = sum(each.meant + each.other + each.censored for each in rows)
    survival, share, steps, found = 1.0, 0.0, _Sums(), []
    for each in rows:
        d, n = each.meant + each.other, at_risk
        if n and d:
            share += survival * each.meant / n
            steps.add(share, survival, (each.meant, d, n))
            survival *= 1 - d / n
        found.append(Incidence(each.age, share, steps.variance(share), at_risk))
        at_risk -= d + each.censored
    return tuple(found)


class _Sums:
    """The variance as a square of F(t) whose coefficients grow from age to age."""

    def __init__(self) -> None:
        self.plain = self.linear = self.square = 0.0

    def add(self, share: float, survival: float, counts: tuple[int, int, int]) -> None:
        meant, d, n = counts
        if n > d:
            weight = d / (n * (n - d))
            self.square += weight
            self.linear += share * weight
            self.plain += share * share * weight
        step = survival * meant / n**2
        self.plain += survival**2 * meant * (n - meant) / n**3 + 2 * share * step
        self.linear += step

    def variance(self, share: float) -> float:
        found = share * share * self.square - 2 * share * self.linear + self.plain
        return max(found, 0.0)


def by_age(found: Iterable[Incidence], age: int) -> Incidence:
    """Return what had happened by an age; before the first, nothing."""
    rows = list(found)
    last = Incidence(age, 0.0, 0.0, rows[0].at_risk if rows else 0)
    for each in rows:
        if each.age > age:
            break
        last = each
    return Incidence(age, last.share, last.variance, last.at_risk)
