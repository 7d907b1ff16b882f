"""The figures of each agreement, set so that a company without faults keeps them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from counterpoise.demo.arrays import Floats
from counterpoise.demo.tally import Tally
from counterpoise.demo.terms import Terms
from counterpoise.demo.worktime import day_number

_THOUSAND = 100_000  # cents


@dataclass
class Figures:
    """What one version asks for; money in cents, shares in thousandths."""

    revenue: int
    realization: int
    fit: int
    win_rate: int
    leads_a_month: int
    concessions_a_quarter: int
    promotions_a_quarter: int
    labels_a_quarter: int


def set_figures(
    terms: Terms, tally: Tally, planned_spend: Floats, *, is_under_way: bool = False
) -> list[Figures]:
    """Set every version's figures somewhat below (goals) or above (budgets) what happened.

    Args:
        terms: The versions.
        tally: What happened.
        planned_spend: What promotions were to cost, by quarter.
        is_under_way: Whether the last version's days are not over: it asks by what happened
            under the version before.
    """
    spans = [
        (day_number(version.from_on), day_number(version.until_on)) for version in terms.versions
    ]
    if is_under_way:
        spans[-1] = spans[-2]
    return [_figures(tally, planned_spend, first, last) for first, last in spans]


def _figures(tally: Tally, planned_spend: Floats, first: int, last: int) -> Figures:
    at = tally.within(first, last)
    month = np.array([first, last]).astype("datetime64[D]").astype("datetime64[M]")
    low, high = (month.astype(np.int64) - tally.months[0]).tolist()
    handed = tally.handed[max(low, 0) : high + 1]
    won, lost = tally.won[at].sum(), tally.lost[at].sum()
    return Figures(
        revenue=_down(0.94 * tally.net[at].sum(), 100 * _THOUSAND),
        realization=_share_below(tally.net[at].sum(), tally.listed[at].sum(), 0.006),
        fit=_share_below(tally.won_inside[at].sum(), won, 0.06),
        win_rate=_share_below(won, won + lost, 0.05),
        leads_a_month=_down(0.85 * float(handed.min(initial=10**6)), 5),
        concessions_a_quarter=_up(1.10 * tally.conceded[at].max(initial=0.0), _THOUSAND),
        promotions_a_quarter=_up(1.10 * planned_spend[at].max(initial=0.0), _THOUSAND),
        labels_a_quarter=_up(1.3 * tally.labels[at].max(initial=0.0) + 3, 1),
    )


def _share_below(part: float, whole: float, slack: float) -> int:
    """Return a share in thousandths, some slack below, down to half a point."""
    return max(0, int(np.floor((part / max(whole, 1.0) - slack) * 200))) * 5


def _down(value: float, step: int) -> int:
    return int(value // step) * step


def _up(value: float, step: int) -> int:
    return int(-(-value // step)) * step
