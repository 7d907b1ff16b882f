"""Value held and given over time: what the charts of a review are drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from counterpoise.ledger.fiscal import month_label, quarter_label
from counterpoise.ledger.totals import Totals


@dataclass(frozen=True)
class TimeRow:
    """A month or quarter and what was closed in it."""

    label: str
    totals: Totals


@dataclass(frozen=True)
class ValueOverTime:
    """Totals by month and by fiscal quarter, in time; stretches without a deal stand in between."""

    months: tuple[TimeRow, ...]
    quarters: tuple[TimeRow, ...]


def value_over_time(months: Mapping[int | None, Totals], starts: int) -> ValueOverTime:
    """Lay the totals by month out in time.

    Args:
        months: Totals by the number of the month; what has no day (None) is left out.
        starts: The month in which the fiscal year starts.
    """
    dated = {
        month: each for month, each in months.items() if month is not None and each.deals_closed
    }
    every = range(min(dated), max(dated) + 1) if dated else range(0)
    quarters: dict[str, Totals] = {}
    for month in every:
        label = quarter_label(month, starts)
        quarters[label] = quarters.get(label, Totals()) + dated.get(month, Totals())
    return ValueOverTime(
        months=tuple(TimeRow(month_label(month), dated.get(month, Totals())) for month in every),
        quarters=tuple(TimeRow(label, each) for label, each in quarters.items()),
    )
