"""The quantities that an agreement is written in: percentages, durations, periods, hours."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum


class Period(StrEnum):
    """A stretch of the calendar; quarters and years are fiscal."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Unit(StrEnum):
    """What a duration counts."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_NUMBER = 15
"""Digits before the point that a number may have: more than the books can hold."""
FINEST_NUMBER = 6
"""Digits after the point that a number may have."""
LONGEST_DURATION = 10_000
"""More of any unit than this is a slip of the pen."""

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s+(working\s+)?(minute|hour|day|week)s?", re.ASCII)
_CLOCK = r"([01]\d|2[0-3]):([0-5]\d)"
_HOURS = re.compile(rf"{_CLOCK}-(?:{_CLOCK}|24:00)", re.ASCII)
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,2})?", re.ASCII)


def is_number(text: str) -> bool:
    """Tell whether a text is written like a number.

    >>> is_number("1.5e3"), is_number("1,200"), is_number("nan")
    (True, False, False)
    """
    return _NUMBER.fullmatch(text) is not None


def parse_number(text: str) -> Decimal:
    """Read a number that the books could hold.

    Raises:
        ValueError: If it is not a number, or has more digits than the books keep.

    >>> parse_number("1200.50"), parse_number("-3e2")
    (Decimal('1200.5'), Decimal('-300'))
    """
    if not is_number(text):
        raise ValueError(f"{text!r} is not a number; write it like 250000 or 12.5")
    number = Decimal(text)
    if number.adjusted() >= LONGEST_NUMBER:
        raise ValueError(f"{text} is too large; numbers have up to {LONGEST_NUMBER} digits")
    plain = _plain(number)
    exponent = plain.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > FINEST_NUMBER:
        raise ValueError(f"{text} is too fine; numbers have up to {FINEST_NUMBER} decimals")
    return plain


def parse_rate(value: object) -> Decimal:
    """Read a rate written as a percentage or as a fraction of one.

    A bare number above 1 is refused, because 10 could mean 10 % or ten times.

    Raises:
        ValueError: If it is neither, or lies outside 0-1.

    >>> parse_rate("18%"), parse_rate(0.05), parse_rate("12.5 %")
    (Decimal('0.18'), Decimal('0.05'), Decimal('0.125'))
    """
    text = str(value).strip()
    digits = text.removesuffix("%").strip()
    if isinstance(value, bool) or not is_number(digits):
        raise ValueError(f"{text!r} is not a rate; write it as 18% or 0.18")
    rate = parse_number(digits)
    rate = parse_number(f"{rate / 100:f}") if text.endswith("%") else rate
    if not 0 <= rate <= 1:
        raise ValueError(f"{text} is not between 0 and 1; write ten percent as 10% or 0.10")
    return rate


def parse_amount(value: object) -> Decimal:
    """Read an amount of money or a count, not below zero.

    Raises:
        ValueError: If it is not a finite number of at least zero.

    >>> parse_amount(250000), parse_amount("1200.50")
    (Decimal('250000'), Decimal('1200.5'))
    """
    text = str(value).strip()
    if isinstance(value, bool) or not is_number(text):
        raise ValueError(f"{text!r} is not a number; write it like 250000")
    amount = parse_number(text)
    if amount < 0:
        raise ValueError(f"{text} is below zero; an amount is zero or more")
    return amount


def format_rate(rate: Decimal, digits: int | None = None) -> str:
    """Write a rate as people say it: exactly, or with so many digits in a table.

    >>> format_rate(Decimal("0.125")), format_rate(Decimal("0.2")), format_rate(Decimal("0.2"), 1)
    ('12.5%', '20%', '20.0%')
    """
    percent = rate * 100
    if digits is None:
        return f"{_plain(percent):f}%"
    rounded = percent.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
    return f"{rounded or abs(rounded):f}%"


RATE_SAID = Decimal("0.0001")
"""The step on which rates are said: a hundredth of a percent."""


def short_rate(rate: Decimal) -> Decimal:
    """Return a rate on the step on which rates are said.

    >>> format_rate(short_rate(Decimal("0.049999")))
    '5%'
    """
    return rate.quantize(RATE_SAID, ROUND_HALF_EVEN)


def _plain(number: Decimal) -> Decimal:
    """Drop trailing zeros without turning 100 into 1E+2."""
    short = abs(number.normalize()) if number == 0 else number.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short


@dataclass(frozen=True)
class Duration:
    """A length of time, counted around the clock or in the agreement's working time."""

    amount: Decimal
    unit: Unit
    working: bool

    @classmethod
    def parse(cls, value: object) -> Duration:
        """Read a duration such as `4 working hours`, `5 working days` or `2 weeks`.

        Raises:
            ValueError: If it is not written like that.

        >>> str(Duration.parse("1 working day"))
        '1 working day'
        """
        if isinstance(value, Duration):
            return value
        found = _DURATION.fullmatch(" ".join(str(value).lower().split()))
        if not found:
            raise ValueError(
                f"{str(value)!r} is not a length of time; write it like 4 working hours or 2 days"
            )
        written, working, unit = found.groups()
        amount = parse_number(written)
        if amount > LONGEST_DURATION:
            raise ValueError(f"{value} is longer than {LONGEST_DURATION} {unit}s")
        return cls(amount, Unit(f"{unit}s"), bool(working))

    def __str__(self) -> str:
        """Write the duration as people say it."""
        unit = self.unit.value if self.amount != 1 else self.unit.value[:-1]
        return f"{self.amount:f} {'working ' if self.working else ''}{unit}"


@dataclass(frozen=True)
class Hours:
    """The part of a working day in which people work, half-open, as minutes after midnight."""

    opens: int
    closes: int

    @classmethod
    def parse(cls, value: object) -> Hours:
        """Read hours such as `09:00-17:00`.

        Raises:
            ValueError: If they are not written like that, or end before they start.
        """
        if isinstance(value, Hours):
            return value
        text = str(value).replace(" ", "")
        if not _HOURS.fullmatch(text):
            raise ValueError(f"{str(value)!r} are not hours; write them like 09:00-17:00")
        opens, closes = (int(part[:2]) * 60 + int(part[3:]) for part in text.split("-"))
        if closes <= opens:
            raise ValueError(f"{value} ends before it starts")
        return cls(opens, closes)

    @property
    def minutes(self) -> int:
        """Return the length of a working day in minutes."""
        return self.closes - self.opens

    def __str__(self) -> str:
        """Write the hours as people do."""
        return "-".join(f"{at // 60:02d}:{at % 60:02d}" for at in (self.opens, self.closes))


def parse_weekdays(value: object) -> tuple[str, ...]:
    """Read working days as a range (`mon-fri`) or a list.

    Raises:
        ValueError: If a day is not one of mon, tue, wed, thu, fri, sat, sun.

    >>> parse_weekdays("sun-thu")
    ('mon', 'tue', 'wed', 'thu', 'sun')
    """
    words = [value] if isinstance(value, str) else value if isinstance(value, list | tuple) else ()
    days: set[str] = set()
    for word in words:
        first, _, last = (part.strip() for part in str(word).lower().partition("-"))
        if first not in WEEKDAYS or (last and last not in WEEKDAYS):
            raise ValueError(
                f"{str(word)!r} are not working days; write mon-fri, or a list such as [mon, wed]"
            )
        start = WEEKDAYS.index(first)
        length = (WEEKDAYS.index(last) - start) % 7 if last else 0
        days.update(WEEKDAYS[(start + step) % 7] for step in range(length + 1))
    if not days:
        raise ValueError("no working day is given; write mon-fri, or a list such as [mon, wed]")
    return tuple(day for day in WEEKDAYS if day in days)


def parse_day(value: object) -> dt.date:
    """Read a calendar day.

    Raises:
        ValueError: If it is not an ISO date.
    """
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value).strip())
    except ValueError:
        raise ValueError(f"{str(value)!r} is not a day; write it like 2026-07-01") from None
