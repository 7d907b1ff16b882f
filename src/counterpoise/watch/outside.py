"""Deals outside every persona beside those inside of the same segment and kind of deal.

What a pursued deal earns is counted a unit of list (nothing where it is lost), so that no large
deal drowns the others, and held against what deals inside the personas earn on average in its
segment and kind: size and renewals explain most of it, and say nothing of whether a customer
deserves a persona. What is left is added up by account, so that deals of one customer count as
one witness.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import ibis
import ibis.expr.types as ir
import numpy as np

from counterpoise.ledger.fit_levels import UNNAMED, above_inside
from counterpoise.watch.clusters import clustered_sums, variance_of
from counterpoise.watch.earnings import earnings
from counterpoise.watch.sample import Flags, Floats
from counterpoise.watch.watched import Watched


@dataclass(frozen=True)
class Contrast:
    """What some deals earned of a unit of list, what was expected, and how sure the lead is."""

    n: int
    accounts: int
    listed: float
    observed: float
    expected: float
    variance: float

    @property
    def lead(self) -> float:
        """Return how much more came back than was expected."""
        return self.observed - self.expected


@dataclass(frozen=True)
class Outside:
    """Sums by side, segment and industry; one entry a cell.

    `listed` is the deals' list value, `earned` what came back of a unit of it, `total` that above
    the level of deals inside; the rest are the sums of `clusters`, an account being a cluster.
    """

    is_outside: Flags
    segment: tuple[str, ...]
    industry: tuple[str, ...]
    n: Floats
    clusters: Floats
    listed: Floats
    earned: Floats
    total: Floats
    squares: Floats
    cross: Floats
    sizes: Floats

    def names(self, by: str) -> list[str]:
        """Return the segments, or the industries, in which anything is sold outside."""
        every = getattr(self, by)
        return sorted({every[at] for at in np.flatnonzero(self.is_outside)} - {UNNAMED})

    def of(self, by: str, name: str) -> Flags:
        """Tell which cells outside are of a segment or an industry."""
        named = np.array([each == name for each in getattr(self, by)], dtype=np.bool_)
        return self.is_outside & named

    def against_inside(self, own: Flags) -> Contrast | None:
        """Hold some cells outside against deals inside; None where too few accounts tell."""
        return self._contrast(own, ~self.is_outside)

    def against_outside(self, own: Flags) -> Contrast | None:
        """Hold some cells outside against the others outside in the same segments."""
        others = self.is_outside & ~own
        shared = {self.segment[at] for at in np.flatnonzero(others)}
        inside = np.array([each in shared for each in self.segment], dtype=np.bool_)
        return self._contrast(own & inside, others)

    def _contrast(self, own: Flags, others: Flags) -> Contrast | None:
        n, accounts = float(self.n[own].sum()), float(self.clusters[own].sum())
        if accounts < 2:
            return None
        level, variance = 0.0, self._variance(own)
        for segment in {self.segment[at] for at in np.flatnonzero(own)}:
            here = np.array([each == segment for each in self.segment], dtype=np.bool_)
            share, theirs = float(self.n[own & here].sum()) / n, others & here
            if self.clusters[theirs].sum() < 2:
                return None
            level += share * float(self.total[theirs].sum() / self.n[theirs].sum())
            variance += share**2 * self._variance(theirs)
        observed = float(self.earned[own].sum()) / n
        over = float(self.total[own].sum()) / n
        return Contrast(
            n=int(n),
            accounts=int(accounts),
            listed=float(self.listed[own].sum()),
            observed=observed,
            expected=observed - over + level,
            variance=variance,
        )

    def _variance(self, cells: Flags) -> float:
        return variance_of({name: float(getattr(self, name)[cells].sum()) for name in _SUMS})


def outside(watched: Watched) -> Outside:
    """Return the sums of the deals decided in the window."""
    return watched.share("outside", lambda: _outside(watched))


def expected_earnings(watched: Watched) -> ir.Table:
    """Return the deals decided in the window with what such a deal earns inside.

    Grain: a deal whose persona and earnings are known, in a segment and of a kind in which deals
    inside were decided. Adds `segment`, `industry`, `level` (the mean of deals inside in that
    segment and of that kind) and `over` (`earned_share` − level).
    """
    deals = earnings(watched).deals
    listed = ibis.coalesce(deals.list_amount.cast("float64"), 0.0)
    return above_inside(deals.mutate(list_value=listed), "earned_share")


def _outside(watched: Watched) -> Outside:
    deals = expected_earnings(watched)
    keys = ("is_outside", "segment", "industry")
    accounts = deals.group_by(
        *keys, cluster=ibis.coalesce(deals.account_id, deals.deal_id)
    ).aggregate(
        n=ibis._.count().cast("float64"),
        listed=ibis._.list_value.sum(),
        earned=ibis._.earned_share.sum(),
        over=ibis._.over.sum(),
    )
    sums = accounts.group_by(*keys).aggregate(
        *clustered_sums("over"), listed=ibis._.listed.sum(), earned=ibis._.earned.sum()
    )
    found = watched.books.run(sums.order_by(*keys)).to_pydict()
    return Outside(
        is_outside=np.array(found["is_outside"], dtype=np.bool_),
        segment=tuple(found["segment"]),
        industry=tuple(found["industry"]),
        **{name: np.array(found[name], dtype=np.float64) for name in _SUMS},
    )


_SUMS = tuple(each.name for each in fields(Outside)[3:])
