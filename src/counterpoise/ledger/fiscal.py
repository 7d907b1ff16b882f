"""The fiscal calendar: months as plain numbers, and quarters named by the year that they end in.

A month's number counts the months since the year 0, so that a database groups by a small integer
and the names are given afterwards. Both forms of a label, in Python and as an expression, stand
here and are tested to be the same.
"""

from __future__ import annotations

import datetime as dt
import re

import ibis.expr.types as ir

from counterpoise.agreement.quantities import Period
from counterpoise.desk.customization import period_of

MONTHS_A_YEAR = 12
MONTHS_A_QUARTER = 3


def month_number(day: dt.date) -> int:
    """Return the number of a day's month.

    >>> month_number(dt.date(2026, 1, 31))
    24312
    """
    return day.year * MONTHS_A_YEAR + day.month - 1


def month_number_expr(day: ir.DateValue) -> ir.IntegerValue:
    """Return the number of a day's month, as an expression."""
    return (day.year() * MONTHS_A_YEAR + day.month() - 1).cast("int32")


def month_label(number: int) -> str:
    """Name a month by its number.

    >>> month_label(24312)
    '2026-01'
    """
    year, month = divmod(number, MONTHS_A_YEAR)
    return f"{year}-{month + 1:02d}"


def quarter_number(month: int, starts: int) -> int:
    """Return the number of the fiscal quarter that a month lies in, counted like months.

    Args:
        month: The number of the month.
        starts: The month in which the fiscal year starts, 1 to 12.
    """
    return (month + _months_ahead(starts)) // MONTHS_A_QUARTER


def quarter_label(month: int, starts: int) -> str:
    """Name the fiscal quarter of a month, by the year in which the fiscal year ends.

    Args:
        month: The number of the month.
        starts: The month in which the fiscal year starts, 1 to 12.

    >>> quarter_label(month_number(dt.date(2025, 12, 15)), 2)
    'FY2026-Q4'
    >>> quarter_label(month_number(dt.date(2026, 2, 10)), 2)
    'FY2027-Q1'
    """
    year, quarter = divmod(quarter_number(month, starts), 4)
    return f"FY{year}-Q{quarter + 1}"


def fiscal_quarter(day: dt.date, starts: int) -> str:
    """Name the fiscal quarter of a day.

    >>> fiscal_quarter(dt.date(2026, 6, 30), 1)
    'FY2026-Q2'
    """
    return quarter_label(month_number(day), starts)


def fiscal_quarter_expr(day: ir.DateValue, starts: int) -> ir.StringValue:
    """Name the fiscal quarter of a day, as an expression."""
    shifted = month_number_expr(day) + _months_ahead(starts)
    year = (shifted / MONTHS_A_YEAR).floor().cast("int32")
    quarter = ((shifted % MONTHS_A_YEAR) / MONTHS_A_QUARTER).floor().cast("int32") + 1
    label: ir.StringValue = "FY" + year.cast("string") + "-Q" + quarter.cast("string")
    return label


def quarter_days(label: str, starts: int) -> tuple[dt.date, dt.date] | None:
    """Return first and last day of a fiscal quarter by its name; None for what names none.

    >>> quarter_days("FY2027-Q1", 2)
    (datetime.date(2026, 2, 1), datetime.date(2026, 4, 30))
    """
    named = re.fullmatch(r"FY([0-9]{4})-Q([1-4])", label)
    if named is None:
        return None
    ended, quarter = int(named[1]), int(named[2])
    first = ended * MONTHS_A_YEAR + (quarter - 1) * MONTHS_A_QUARTER - _months_ahead(starts)
    if not dt.MINYEAR < first // MONTHS_A_YEAR < dt.MAXYEAR:
        return None
    return _first_day(first), _first_day(first + MONTHS_A_QUARTER) - dt.timedelta(days=1)


def _first_day(month: int) -> dt.date:
    year, number = divmod(month, MONTHS_A_YEAR)
    return dt.date(year, number + 1, 1)


def whole_periods(
    first: dt.date, last: dt.date, per: Period, starts: int
) -> tuple[tuple[dt.date, dt.date], ...]:
    """Return first and last day of every period that lies wholly between two days, inclusive.

    >>> whole_periods(dt.date(2026, 1, 5), dt.date(2026, 2, 28), Period.MONTH, 1)
    ((datetime.date(2026, 2, 1), datetime.date(2026, 2, 28)),)
    """
    found = []
    day = first
    while day <= last:
        opens, closes = period_of(day, per, starts)
        if opens >= first and closes <= last:
            found.append((opens, closes))
        day = closes + dt.timedelta(days=1)
    return tuple(found)


def _months_ahead(starts: int) -> int:
    """Return by how many months the fiscal year runs ahead of the calendar's."""
    return (1 - starts) % MONTHS_A_YEAR
