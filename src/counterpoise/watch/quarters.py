"""Quarter ends: how much deeper discounts were in the last ten days of each fiscal quarter."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir
import numpy as np

from counterpoise.agreement.quantities import Period
from counterpoise.desk.customization import period_of
from counterpoise.watch.deals import YEARS_BACK, offered_ever
from counterpoise.watch.regression import coded, floats
from counterpoise.watch.sample import Flags, Floats, Ints, Sample
from counterpoise.watch.watched import Watched

LAST_DAYS = 10
RECENT_QUARTERS = 4
_FEWEST = {True: 10, False: 30}
"""Deals without which a quarter's last days, or its others, tell nothing."""
_FEWEST_OF_ONE = 3
"""Deals in last days without which a person tells nothing."""


@dataclass(frozen=True)
class Quarter:
    """A whole fiscal quarter that is over."""

    first: dt.date
    last: dt.date

    @property
    def ending(self) -> dt.date:
        """Return the first of its last ten days."""
        return self.last - dt.timedelta(days=LAST_DAYS - 1)


def quarters_of(watched: Watched) -> tuple[Quarter, ...]:
    """Return the fiscal quarters that are over, earliest first; the last four end in the window."""
    found: list[Quarter] = []
    starts = watched.agreement.company.fiscal_year_starts
    day = watched.last + dt.timedelta(days=1)
    while len(found) < 4 * YEARS_BACK - 1:
        first, last = period_of(day - dt.timedelta(days=1), Period.QUARTER, starts)
        if last <= watched.last:
            found.append(Quarter(first, last))
        day = first
    return tuple(reversed(found))


def closed(watched: Watched) -> ir.Table:
    """Return the deals with an offer on record that closed in one of the quarters.

    Grain: a deal. Adds `quarter_at` (0 for the earliest) and `is_ending` (the last ten days).
    """
    quarters, deals = quarters_of(watched), offered_ever(watched)
    ends = [deals.day.between(each.ending, each.last) for each in quarters]
    before = [(deals.day <= each.last, at) for at, each in enumerate(quarters)]
    inside = deals.day.between(quarters[0].first, quarters[-1].last)
    return deals.filter(inside, deals.outcome != "open").mutate(
        quarter_at=ibis.cases(*before, else_=len(quarters)), is_ending=reduce(or_, ends)
    )


@dataclass(frozen=True)
class Endings:
    """Sums of rates by person, quarter, and whether in its last ten days.

    `left` is what the mix and the person's own level leave unexplained; `base` is list value of
    won deals a quarter, `variance` that of one row.
    """

    people: tuple[str, ...]
    teams: tuple[str, ...]
    person: Ints
    team: Ints
    quarter: Ints
    is_ending: Flags
    n: Floats
    total: Floats
    left: Floats
    base: Floats
    variance: float
    count: int
    """How many quarters there are, those without a deal too."""

    @property
    def is_recent(self) -> Flags:
        """Tell which sums are of the last four quarters."""
        return np.asarray(self.quarter >= self.count - RECENT_QUARTERS, dtype=np.bool_)

    def jumps(self, keep: Flags) -> Floats:
        """Return by how much more was given in each quarter's last days; NaN where few tell."""
        size, means = self.count, []
        for part in (True, False):
            own = keep & (self.is_ending == part)
            n = np.bincount(self.quarter[own], self.n[own], size)
            left = np.bincount(self.quarter[own], self.left[own], size)
            means.append(np.where(n >= _FEWEST[part], left / np.maximum(n, 1), np.nan))
        return np.asarray(means[0] - means[1])

    def by(self, codes: Ints, names: tuple[str, ...], teams: tuple[str, ...]) -> Sample:
        """Return people or teams as subjects: what they gave in the last days of the last year.

        What is expected is what they gave otherwise, at the same mix; `n` counts all their deals.
        """
        size = len(names)
        own = self.is_recent & (codes >= 0)
        late, other = own & self.is_ending, own & ~self.is_ending

        def sums(values: Floats, rows: Flags) -> Floats:
            return np.asarray(np.bincount(codes[rows], values[rows], size))

        n, rest = sums(self.n, late), sums(self.n, other)
        rows, others = np.maximum(n, 1.0), np.maximum(rest, 1.0)
        jump = sums(self.left, late) / rows - sums(self.left, other) / others
        observed = sums(self.total, late) / rows
        found = Sample(
            ids=names,
            groups=teams,
            n=(n + rest).astype(np.int64),
            observed=observed,
            expected=observed - jump,
            variance=self.variance * (1 / rows + 1 / others),
            base=sums(self.base, late),
        )
        return found.where((n >= _FEWEST_OF_ONE) & (rest >= _FEWEST_OF_ONE))

    @property
    def persons(self) -> Sample:
        """Return the people, each in the team of most of their rows."""
        counts = np.zeros((len(self.people), len(self.teams) + 1))
        known = self.person >= 0
        np.add.at(counts, (self.person[known], self.team[known]), self.n[known])
        largest = [(*self.teams, "")[at] for at in counts.argmax(axis=1)]
        return self.by(self.person, self.people, tuple(largest))

    @property
    def groups(self) -> Sample:
        """Return the teams."""
        return self.by(self.team, self.teams, ("",) * len(self.teams))


def endings_of(watched: Watched) -> Endings:
    """Read the sums of rates by person and quarter."""
    deals = closed(watched)
    first = ibis.literal(watched.first)
    is_won = (deals.outcome == "won") & (deals.day >= first)
    deals = deals.mutate(
        left=deals.rate - deals.expected_rate,
        base=ibis.ifelse(is_won, deals.list_value, 0.0) / watched.quarters,
    )
    grouped = deals.group_by("owner_id", "owner__team", "quarter_at", "is_ending")
    found = watched.books.run(
        grouped.aggregate(
            n=ibis._.count(),
            total=ibis._.rate.sum(),
            left=ibis._.left.sum(),
            squares=(ibis._.left * ibis._.left).sum(),
            base=ibis._.base.sum(),
        )
    )
    person, people = coded(found["owner_id"])
    team, teams = coded(found["owner__team"])
    n, left = floats(found["n"]), floats(found["left"])
    own = np.where(person < 0, len(people), person)
    rows = np.maximum(np.bincount(own, n, len(people) + 1), 1.0)
    level = np.bincount(own, left, len(people) + 1) / rows
    around = float(floats(found["squares"]).sum() - (rows * level**2).sum())
    return Endings(
        people=people,
        teams=teams,
        person=person,
        team=team,
        quarter=found["quarter_at"].to_numpy().astype(np.int64),
        is_ending=np.asarray(found["is_ending"].to_numpy(zero_copy_only=False), dtype=np.bool_),
        n=n,
        total=floats(found["total"]),
        left=left - n * level[own],
        base=floats(found["base"]),
        variance=max(around, 0.0) / max(float(n.sum()) - len(people), 1.0),
        count=len(quarters_of(watched)),
    )
