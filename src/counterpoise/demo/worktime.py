"""The company's calendar: working days as an axis on which time is added and subtracted.

Times are whole minutes of wall time since 1970. A *position* counts working minutes alone, so
that "four working hours later" is an addition.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np

from counterpoise.demo.arrays import Ints

MINUTES_A_DAY = 1440
OPENS = 9 * 60
CLOSES = 17 * 60
WORKDAY = CLOSES - OPENS


def day_number(day: dt.date) -> int:
    """Return the days from 1970 to that day.

    >>> day_number(dt.date(1970, 1, 2))
    1
    """
    return (day - dt.date(1970, 1, 1)).days


def day_of(number: int) -> dt.date:
    """Return the day of that number.

    >>> day_of(1)
    datetime.date(1970, 1, 2)
    """
    return dt.date(1970, 1, 1) + dt.timedelta(days=int(number))


@dataclass(frozen=True)
class WorkTime:
    """Working days Monday to Friday without holidays, nine to five, over a stretch of days."""

    first_on: dt.date
    last_on: dt.date
    holidays: frozenset[dt.date]
    days: Ints = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Lay out the working days once."""
        every = np.arange(day_number(self.first_on), day_number(self.last_on) + 1, dtype=np.int64)
        closed = np.array(sorted(day_number(day) for day in self.holidays), dtype=np.int64)
        works = ((every + 3) % 7 < 5) & ~np.isin(every, closed)
        object.__setattr__(self, "days", every[works])

    def position(self, minutes: Ints) -> Ints:
        """Return how many working minutes have passed since the first day."""
        day = minutes // MINUTES_A_DAY
        index = np.searchsorted(self.days, day)
        works = self.days[np.minimum(index, len(self.days) - 1)] == day
        within = np.clip(minutes % MINUTES_A_DAY - OPENS, 0, WORKDAY)
        return (index * WORKDAY + np.where(works, within, 0)).astype(np.int64)

    def at(self, position: Ints) -> Ints:
        """Return the time at which so many working minutes have passed."""
        inside = np.clip(position, 0, len(self.days) * WORKDAY - 1)
        return (self.days[inside // WORKDAY] * MINUTES_A_DAY + OPENS + inside % WORKDAY).astype(
            np.int64
        )

    def later(self, minutes: Ints, working_minutes: Ints) -> Ints:
        """Return the times so many working minutes later (or earlier when negative)."""
        return self.at(self.position(minutes) + working_minutes)


def quarter_starts(days: Ints, fiscal_year_starts: int = 1) -> Ints:
    """Return the first day of the fiscal quarter that each day lies in."""
    months = _months(days) - (fiscal_year_starts - 1)
    return _first_days(months - months % 3 + (fiscal_year_starts - 1))


def quarter_ends(days: Ints, fiscal_year_starts: int = 1) -> Ints:
    """Return the last day of the fiscal quarter that each day lies in."""
    months = _months(days) - (fiscal_year_starts - 1)
    return _first_days(months - months % 3 + 3 + (fiscal_year_starts - 1)) - 1


def month_ends(days: Ints) -> Ints:
    """Return the last day of the month that each day lies in."""
    return _first_days(_months(days) + 1) - 1


def _months(days: Ints) -> Ints:
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _first_days(months: Ints) -> Ints:
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
