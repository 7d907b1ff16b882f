"""What pursued deals earn: the margin of won ones spread over all that were won or lost."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np

from counterpoise.watch.clusters import clustered_sums, variance_of
from counterpoise.watch.judge import alone
from counterpoise.watch.sample import Sample
from counterpoise.watch.watched import Watched

_COSTED = 0.95
"""Share of won deals whose cost must be known, or net revenue stands for margin."""


@dataclass(frozen=True)
class Earnings:
    """The deals decided in the window and what each earned.

    Attributes:
        deals: Grain: a deal won or lost. Adds `earned` (float): 0 for a lost deal, NULL where
            nobody knows; `earned_share`: the same of a unit of list; and `is_outside`: whether it
            surely meets no persona, NULL unknown.
        word: What is counted, in words.
        per_list: What a won deal earns of each unit of its list value.
    """

    deals: ir.Table
    word: str
    per_list: float


@dataclass(frozen=True)
class Gap:
    """What a pursued deal earns inside the personas and outside, and how sure the lead is.

    `p` is one-sided, clustered by account: the chance of such a lead if outside earns as much.
    """

    inside: float
    outside: float
    p: float

    @property
    def size(self) -> float:
        """Return how much more a pursued deal inside earns."""
        return self.inside - self.outside


def earnings(watched: Watched) -> Earnings:
    """Return what each deal decided in the window earned.

    Margin is net less cost. A won deal without a cost is taken to cost what others do a unit of
    net; where costs of more than one won deal in twenty are unknown, net revenue is counted.
    """
    return watched.share("earnings", lambda: _earnings(watched))


def gap(watched: Watched) -> Gap | None:
    """Return the lead of deals inside the personas; None where either side has too few accounts."""
    return watched.share("earnings_gap", lambda: _gap(watched))


def _earnings(watched: Watched) -> Earnings:
    deals = watched.in_window(watched.judged, "day")
    deals = deals.filter(deals.outcome.isin(("won", "lost")))
    net, cost = deals.net_amount.cast("float64"), deals.cost_amount.cast("float64")
    won = (deals.outcome == "won") & net.notnull()
    costed = won & cost.notnull()
    found = watched.books.run(
        deals.aggregate(
            won=won.sum(),
            costed=costed.sum(),
            net=net.sum(where=costed),
            cost=cost.sum(where=costed),
            all_net=net.sum(where=won & deals.list_amount.notnull()),
            all_list=deals.list_amount.cast("float64").sum(where=won),
        )
    ).to_pylist()[0]
    is_margin = (found["costed"] or 0) >= _COSTED * max(found["won"] or 0, 1)
    share = (found["cost"] or 0.0) / (found["net"] or 1.0) if is_margin else 0.0
    spent = ibis.coalesce(cost, net * share) if is_margin else ibis.literal(0.0)
    is_won, listed = deals.outcome == "won", deals.list_amount.cast("float64").nullif(0.0)
    return Earnings(
        deals=deals.mutate(
            earned=ibis.ifelse(is_won, net - spent, 0.0),
            earned_share=ibis.ifelse(is_won, (net - spent) / listed, 0.0),
            is_outside=deals.persona == "",
        ),
        word="margin" if is_margin else "net revenue",
        per_list=(1.0 - share) * (found["all_net"] or 0.0) / (found["all_list"] or 1.0),
    )


def _gap(watched: Watched) -> Gap | None:
    deals = earnings(watched).deals
    known = deals.filter(deals.is_outside.notnull(), deals.earned.notnull())
    cluster = ibis.coalesce(known.account_id, known.deal_id)
    accounts = known.group_by(known.is_outside, cluster=cluster).aggregate(
        n=ibis._.count().cast("float64"), total=ibis._.earned.sum()
    )
    sums = accounts.group_by("is_outside").aggregate(*clustered_sums())
    found = {row["is_outside"]: row for row in watched.books.run(sums).to_pylist()}
    fewest = min((row["clusters"] for row in found.values()), default=0.0)
    if len(found) < 2 or fewest < 2:
        return None
    inside, outside = (found[side]["total"] / found[side]["n"] for side in (False, True))
    variance = sum(variance_of(row) for row in found.values())
    sample = Sample(
        ids=("inside",),
        groups=("",),
        n=np.array([int(found[False]["n"])]),
        observed=np.array([inside]),
        expected=np.array([outside]),
        variance=np.array([variance]),
        base=np.zeros(1),
    )
    return Gap(inside, outside, float(alone(sample, fewest - 1.0).p[0]))
