"""Claims: single values of a request, checked against the kind that their field has.

A checker collects what is wrong instead of stopping at the first, so that whoever asks hears
everything at once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from counterpoise.agreement.conditions import Value
from counterpoise.books.schema import Kind
from counterpoise.books.spelling import unknown
from counterpoise.desk.request import Problem

MAX_TEXT = 1_000
"""The longest text that a request may hold, in characters."""

MAX_NUMBER = Decimal(10) ** 13
"""Numbers reach up to here, so that every sum and product of them stays exact."""

STORED = Decimal("0.0001")
"""Amounts and quantities are kept to this, as in the books."""

_RATE_STEP = Decimal("0.000001")
_YEARS = range(1900, 2200)
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,9})?")
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_NAMES = {dict: "an object", list: "a list", tuple: "a list", bool: "true or false", str: "a text"}


def stored(amount: Decimal, step: Decimal = STORED) -> Decimal:
    """Round to what the books keep, a half to the even neighbour; shorter numbers stay as they are.

    >>> stored(Decimal("1.00005")), stored(Decimal("7"))
    (Decimal('1.0000'), Decimal('7'))
    """
    short = amount.quantize(step, ROUND_HALF_EVEN)
    return amount if amount == short else short


def name_of(value: object) -> str:
    """Say what a value is, without its contents where these could be long.

    >>> name_of([1, 2]), name_of(None), name_of(7)
    ('a list', 'null', '7')
    """
    if value is None:
        return "null"
    if isinstance(value, str):
        return repr(value if len(value) <= 40 else value[:37] + "...")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        text = (
            str(value)
            if not isinstance(value, int) or value.bit_length() < 200
            else "a huge number"
        )
        return text if len(text) <= 40 else text[:37] + "..."
    return _NAMES.get(type(value), f"a {type(value).__name__}")


@dataclass
class Checker:
    """Turns values into facts and collects the problems."""

    problems: list[Problem] = field(default_factory=list)

    def refuse(self, where: str, says: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(where, says))

    def value(self, where: str, value: object, kind: Kind | None) -> Value | None:
        """Return a value as a fact of that kind, None where it is blank or wrong."""
        if value is None:
            return None
        check = self._checks().get(kind, self.number) if kind else self._of_any_kind
        return check(where, value)

    def _checks(self) -> dict[Kind, Callable[[str, object], Value | None]]:
        return {
            Kind.TEXT: self.text,
            Kind.BOOLEAN: self._boolean,
            Kind.DAY: self._day,
            Kind.INSTANT: self.instant,
            Kind.RATE: self.rate,
            Kind.MONEY: self.amount,
            Kind.INTEGER: self.whole,
        }

    def _of_any_kind(self, where: str, value: object) -> Value | None:
        if isinstance(value, bool):
            return value
        if isinstance(value, int | float | Decimal):
            return self.number(where, value)
        return self.text(where, value)

    def text(self, where: str, value: object) -> str | None:
        """Return a trimmed text, None where blank or wrong; a number stands for its digits."""
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            number = self.number(where, value)
            return None if number is None else f"{number.normalize():f}"
        if not isinstance(value, str):
            self.refuse(where, f"{name_of(value)} is not a text")
        elif len(value) > MAX_TEXT:
            self.refuse(
                where, f"the text has {len(value):,} characters; at most {MAX_TEXT:,} are read"
            )
        elif _NO_TEXT.search(value):
            self.refuse(where, "the text holds characters that cannot be shown; write plain text")
        else:
            return value.strip() or None
        return None

    def number(self, where: str, value: object, step: Decimal = STORED) -> Decimal | None:
        """Return a finite number as the books keep it, None where it is wrong."""
        number = _decimal(value)
        if number is None:
            self.refuse(where, f"{name_of(value)} is not a number")
        elif not number.is_finite():
            self.refuse(where, f"{number} is not a number; leave the field out where it is unknown")
        elif abs(number) >= MAX_NUMBER:
            self.refuse(where, f"{name_of(value)} is too large; numbers stay below {MAX_NUMBER:,f}")
        else:
            return stored(number, step)
        return None

    def amount(self, where: str, value: object) -> Decimal | None:
        """Return an amount of money, not below zero."""
        number = self.number(where, value)
        if number is not None and number < 0:
            self.refuse(where, f"{number:f} is below zero; amounts are zero or more")
            return None
        return number

    def rate(self, where: str, value: object) -> Decimal | None:
        """Return a rate, a fraction of at most 1; `18%` is read too."""
        is_percent = isinstance(value, str) and value.strip().endswith("%")
        bare = value.strip()[:-1] if isinstance(value, str) and is_percent else value
        number = self.number(where, bare, _RATE_STEP)
        if number is None:
            return None
        rate = number / 100 if is_percent else number
        if not -1 <= rate <= 1:
            self.refuse(where, f"{name_of(value)} is not a rate; a rate of 18% is written 0.18")
            return None
        return rate

    def whole(self, where: str, value: object) -> Decimal | None:
        """Return a whole number."""
        number = self.number(where, value)
        if number is not None and number != number.to_integral_value():
            self.refuse(where, f"{number:f} is not a whole number")
            return None
        return number

    def _boolean(self, where: str, value: object) -> bool | None:
        if isinstance(value, bool):
            return value
        self.refuse(where, f"{name_of(value)} is neither true nor false")
        return None

    def _day(self, where: str, value: object) -> dt.date | None:
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value
        at = self._point(where, value, "a day; write it like 2026-07-01")
        return None if at is None else at.date()

    def instant(self, where: str, value: object) -> dt.datetime | None:
        """Return a point in time, with its zone where it has one."""
        return self._point(where, value, "a time; write it like 2026-07-01T09:30:00")

    def _point(self, where: str, value: object, wanted: str) -> dt.datetime | None:
        try:
            at = _instant(value)
        except ValueError:
            at = None
        if at is None:
            self.refuse(where, f"{name_of(value)} is not {wanted}")
        elif at.year not in _YEARS:
            self.refuse(where, f"{name_of(value)} is not a day of a deal; check the year")
        else:
            return at
        return None

    def word(self, where: str, value: str, known: Iterable[str], what: str) -> str | None:
        """Return a word of a closed set."""
        words = tuple(known)
        if value in words:
            return value
        self.refuse(where, unknown(what, value, words))
        return None


def _instant(value: object) -> dt.datetime | None:
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time())
    return dt.datetime.fromisoformat(value.strip()) if isinstance(value, str) else None


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, str) and len(value) <= MAX_TEXT and _NUMBER.fullmatch(value.strip()):
        try:
            return Decimal(value.strip())
        except InvalidOperation:
            return None
    return None
