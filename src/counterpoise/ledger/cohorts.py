"""Cohorts: the leads of a month and what became of them at the same age.

Two cohorts are compared at the longest age that every lead of both has reached. A cohort is young
while its youngest lead is younger than the age by which nine in ten of what is won so far, over all
cohorts, had been won: until then it has not had its time, and its share says little.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from counterpoise.ledger.aalen_johansen import Z95, Age, Incidence, by_age, incidence

MATURE = 0.9
"""The part of all wins by whose age a cohort can be judged."""

FEW = 30
"""Leads below which a cohort is small."""

_SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Outcomes:
    """A cohort's leads by age: counts of won, of ended otherwise, and of those still open."""

    won: tuple[Age, ...]
    ended: tuple[Age, ...]

    @property
    def leads(self) -> int:
        """Return how many leads there are."""
        return sum(each.meant + each.other + each.censored for each in self.won)


@dataclass(frozen=True)
class Cohort:
    """The leads of a month: curves of both outcomes, and the age that every one has reached.

    Beyond `reached` curves rest on a part of the leads. `won` and `ended` are the shares at that
    age; `open` is what is left.
    """

    month: int
    leads: int
    reached: int
    is_young: bool
    won: Incidence
    ended: Incidence
    curve: tuple[Incidence, ...]

    @property
    def is_small(self) -> bool:
        """Tell whether there are few leads."""
        return self.leads < FEW


@dataclass(frozen=True)
class Compared:
    """Two cohorts at the longest age that both reached; the difference with a 95 % interval."""

    month: int
    before: int
    age: int
    share: float
    share_before: float
    difference: float
    low: float
    high: float

    @property
    def differs(self) -> bool:
        """Tell whether the interval is clear of 0."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Cohorts:
    """Every cohort, each with the one before, and the age from which on one can be judged.

    `judged_from` is None where nothing is won. `undated` leads ended at a time that nobody knows.
    """

    judged_from: int | None
    whole: tuple[Incidence, ...]
    cohorts: tuple[Cohort, ...]
    compared: tuple[Compared, ...]
    undated: int


def ages(leads: ir.Table, end: dt.datetime) -> ir.Table:
    """Count leads by cohort, age and what became of them.

    A deal's outcome counts before the verdict on the lead; cancelled and lost deals, and rejected
    leads, ended otherwise. Ages are whole days; what seems to have come before the lead is age 0.

    Args:
        leads: As `funnel_leads` gives them.
        end: The present, when whoever is open has its age.

    Returns:
        Grain: `month` × `state` (won, ended, open or undated) × `age`. Column `leads`.
    """
    state = ibis.cases(
        (leads.is_won, "won"),
        (leads.is_lost | (leads.is_rejected & ~leads.is_deal), "ended"),
        else_="open",
    )
    until = ibis.cases(
        (state == "won", leads.won_at),
        (leads.is_lost, leads.lost_at),
        (state == "ended", leads.rejected_at),
        else_=ibis.literal(end),
    )
    seconds = (until.epoch_seconds() - leads.lead_at.epoch_seconds()).cast("float64")
    whole = (seconds / _SECONDS_A_DAY).floor().cast("int64")
    age = ibis.ifelse(whole < 0, 0, whole)
    told = ibis.ifelse(age.isnull(), "undated", state)
    return leads.group_by(month=leads.month, state=told, age=age).aggregate(leads=leads.count())


def cohorts(run: Callable[[ir.Table], pa.Table], leads: ir.Table, end: dt.datetime) -> Cohorts:
    """Follow each month's leads to their outcomes.

    Args:
        run: What runs a query.
        leads: As `funnel_leads` gives them.
        end: The present.
    """
    rows = run(ages(leads, end)).to_pylist()
    counts: dict[int, dict[int, dict[str, int]]] = {}
    for row in rows:
        if row["state"] != "undated":
            own = counts.setdefault(row["month"], {}).setdefault(row["age"], {})
            own[row["state"]] = own.get(row["state"], 0) + row["leads"]
    undated = sum(row["leads"] for row in rows if row["state"] == "undated")
    return follow({month: _outcomes(own) for month, own in counts.items()}, end, undated)


def follow(months: Mapping[int, Outcomes], end: dt.datetime, undated: int = 0) -> Cohorts:
    """Follow cohorts whose leads are counted by age."""
    every = [each for own in months.values() for each in own.won]
    whole = incidence(_added(every))
    judged_from = _judged_from(whole)
    found = tuple(_cohort(month, own, end, judged_from) for month, own in sorted(months.items()))
    pairs = itertools.pairwise(found)
    compared = tuple(each for each in (_compared(*pair) for pair in pairs) if each)
    return Cohorts(judged_from, whole, found, compared, undated)


def _outcomes(counts: Mapping[int, Mapping[str, int]]) -> Outcomes:
    def read(meant: str, other: str) -> tuple[Age, ...]:
        return tuple(
            Age(age, own.get(meant, 0), own.get(other, 0), own.get("open", 0))
            for age, own in sorted(counts.items())
        )

    return Outcomes(read("won", "ended"), read("ended", "won"))


def _added(every: Sequence[Age]) -> list[Age]:
    sums: dict[int, Age] = {}
    for each in every:
        had = sums.get(each.age, Age(each.age, 0, 0, 0))
        sums[each.age] = Age(
            each.age,
            had.meant + each.meant,
            had.other + each.other,
            had.censored + each.censored,
        )
    return list(sums.values())


def _judged_from(whole: Sequence[Incidence]) -> int | None:
    last = whole[-1].share if whole else 0.0
    return next((each.age for each in whole if last and each.share >= MATURE * last), None)


def _cohort(month: int, own: Outcomes, end: dt.datetime, judged_from: int | None) -> Cohort:
    """Every lead of a month has reached the days since the month was over."""
    year, number = divmod(month + 1, 12)
    reached = max((end - dt.datetime(year, number + 1, 1)).days, 0)
    curve = incidence(own.won)
    return Cohort(
        month=month,
        leads=own.leads,
        reached=reached,
        is_young=judged_from is None or reached < judged_from,
        won=by_age(curve, reached),
        ended=by_age(incidence(own.ended), reached),
        curve=curve,
    )


def _compared(before: Cohort, after: Cohort) -> Compared | None:
    age = min(before.reached, after.reached)
    if not age:
        return None
    one, two = by_age(before.curve, age), by_age(after.curve, age)
    difference = two.share - one.share
    spread = Z95 * math.sqrt(one.variance + two.variance)
    return Compared(
        month=after.month,
        before=before.month,
        age=age,
        share=two.share,
        share_before=one.share,
        difference=difference,
        low=difference - spread,
        high=difference + spread,
    )
