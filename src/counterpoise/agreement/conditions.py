"""Conditions: what a clause asks of the facts. One tree, read by a Python and an Ibis compiler.

The tests are DMN's S-FEEL unary tests (OMG, Decision Model and Notation 1.3, chapter 9): a value,
a list, `< <= > >=`, ranges, `not(...)`, `null` and `-`. Truth has three values: a test on a
missing fact is unknown, and so is a condition that turns on it (Kleene's strong logic).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from operator import ge, gt, le, lt

Truth = bool | None
"""True, False, or None where a missing fact decides."""

Value = str | bool | Decimal | dt.date | dt.datetime
"""What a test compares a fact with. Numbers are decimals."""

COMPARISONS: Mapping[str, Callable[[object, object], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


@dataclass(frozen=True)
class Anything:
    """Hold for every fact, a missing one too (`-`)."""

    def __str__(self) -> str:
        """Write the test as in an agreement."""
        return "-"


@dataclass(frozen=True)
class Missing:
    """Hold where the fact is missing (`null`)."""

    def __str__(self) -> str:
        """Write the test as in an agreement."""
        return "null"


@dataclass(frozen=True)
class Equals:
    """Hold where the fact is that value."""

    value: Value

    def __str__(self) -> str:
        """Write the test as in an agreement."""
        return write_value(self.value)


@dataclass(frozen=True)
class Compares:
    """Hold where the fact lies on one side of the value."""

    operator: str
    value: Value

    def __str__(self) -> str:
        """Write the test as in an agreement."""
        return f"{self.operator} {write_value(self.value)}"


@dataclass(frozen=True)
class Within:
    """Hold where the fact lies between two values."""

    low: Value
    high: Value
    with_low: bool
    with_high: bool

    def __str__(self) -> str:
        """Write the test as in an agreement."""
        opens, closes = "[" if self.with_low else "(", "]" if self.with_high else ")"
        return f"{opens}{write_value(self.low)}..{write_value(self.high)}{closes}"


@dataclass(frozen=True)
class AnyOf:
    """Hold where one of the tests holds."""

    tests: tuple[Test, ...]

    def __str__(self) -> str:
        """Write the test as in an agreement."""
        return ", ".join(str(test) for test in self.tests)


@dataclass(frozen=True)
class Not:
    """Hold where the test does not."""

    test: Test

    def __str__(self) -> str:
        """Write the test as in an agreement."""
        return f"not({self.test})"


Test = Anything | Missing | Equals | Compares | Within | AnyOf | Not


@dataclass(frozen=True)
class FieldTest:
    """One field and the test that it has to pass."""

    field: str
    test: Test

    def __str__(self) -> str:
        """Write the field with its test."""
        return f"{self.field}: {self.test}"


@dataclass(frozen=True)
class Condition:
    """Tests that must all hold. Without any it always holds."""

    tests: tuple[FieldTest, ...] = ()

    @classmethod
    def parse(cls, written: object) -> Condition:
        """Read a condition as it is written in an agreement.

        Raises:
            ValueError: If it is no mapping of fields to tests, or a test cannot be read.

        >>> str(Condition.parse({"segment": ["SMB", "Mid"], "employees": "[50..1000)"}))
        'segment: SMB, Mid; employees: [50..1000)'
        """
        if isinstance(written, Condition):
            return written
        if not isinstance(written, Mapping):
            raise ValueError(f"{written!r} is not a condition; write fields with tests, like {{segment: Enterprise}}")
        return cls(tuple(FieldTest(str(field).strip(), _read(field, test)) for field, test in written.items()))

    def written(self) -> dict[str, object]:
        """Return the condition in the form in which an agreement writes it."""
        return {each.field: _written(each.test) for each in self.tests}

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the fields that are tested, as written."""
        return tuple(each.field for each in self.tests)

    def __str__(self) -> str:
        """Write the condition on one line."""
        return "; ".join(str(each) for each in self.tests) or "always"

    def __bool__(self) -> bool:
        """Tell whether anything is asked."""
        return bool(self.tests)


def holds(test: Test, fact: object) -> Truth:
    """Apply a test to one fact, None standing for a missing one.

    >>> holds(Not(Equals("SMB")), "Enterprise"), holds(Not(Equals("SMB")), None)
    (True, None)
    """
    match test:
        case Anything():
            return True
        case Missing():
            return fact is None
        case Not(inner):
            truth = holds(inner, fact)
            return None if truth is None else not truth
        case AnyOf(tests):
            return any_of(holds(each, fact) for each in tests)
    if fact is None:
        return None
    match test:
        case Equals(value):
            return fact == value
        case Compares(operator, value):
            return COMPARISONS[operator](fact, value)
        case Within(low, high, with_low, with_high):
            above = fact >= low if with_low else fact > low  # type: ignore[operator]
            below = fact <= high if with_high else fact < high  # type: ignore[operator]
            return bool(above and below)


def any_of(truths: Iterator[Truth]) -> Truth:
    """Join truths with or: one True decides, else one unknown leaves it unknown."""
    result: Truth = False
    for truth in truths:
        if truth:
            return True
        if truth is None:
            result = None
    return result


def all_of(truths: Iterator[Truth]) -> Truth:
    """Join truths with and: one False decides, else one unknown leaves it unknown."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def values_of(test: Test) -> Iterator[Value]:
    """Yield every value that a test compares with."""
    match test:
        case Equals(value) | Compares(_, value):
            yield value
        case Within(low, high, _, _):
            yield low
            yield high
        case Not(inner):
            yield from values_of(inner)
        case AnyOf(tests):
            for each in tests:
                yield from values_of(each)


_RANGE = re.compile(r"([\[(\]])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])\[])")
_COMPARE = re.compile(r"(<=|>=|<|>)\s*(.+)")
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
_PERCENT = re.compile(r"([-+]?\d+(?:\.\d+)?)\s*%")
_QUOTED = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)')\s*""")
_WORD_START = re.compile(r"[<>\[(]|not\s*\(")


def _read(field: object, written: object) -> Test:
    try:
        return parse_test(written)
    except ValueError as error:
        raise ValueError(f"{field}: {error}") from None


def parse_test(written: object) -> Test:
    """Read one test, from YAML's scalar or list.

    Raises:
        ValueError: If it looks like a comparison or a range and is none.

    >>> parse_test(">= 50000")
    Compares(operator='>=', value=Decimal('50000'))
    >>> parse_test("not(Retail, null)")
    Not(test=AnyOf(tests=(Equals(value='Retail'), Missing())))
    """
    if written is None:
        return Missing()
    if isinstance(written, list | tuple):
        if not written:
            raise ValueError("an empty list never holds; name a value, or - for anything")
        return AnyOf(tuple(parse_test(each) for each in written))
    if isinstance(written, str):
        return _parse_text(written.strip())
    return Equals(_scalar(written))


def _parse_text(text: str) -> Test:
    if text in ("-", "null"):
        return Anything() if text == "-" else Missing()
    if found := _NOT.fullmatch(text):
        parts = _split(found[1])
        tests = tuple(_parse_text(part) for part in parts)
        return Not(tests[0] if len(tests) == 1 else AnyOf(tests))
    if found := _COMPARE.fullmatch(text):
        return Compares(found[1], _ordered(found[2], text))
    if found := _RANGE.fullmatch(text):
        return _range(found, text)
    if _WORD_START.match(text):
        raise ValueError(f"{text!r} is not a test; write it like '>= 50000', '[50..1000)' or 'not(Retail)'")
    if not text:
        raise ValueError("an empty text never holds; write null for a missing fact, - for anything")
    return Equals(_bare(text))


def _range(found: re.Match[str], text: str) -> Within:
    low, high = _ordered(found[2], text), _ordered(found[3], text)
    if type(low) is not type(high) or low > high:  # type: ignore[operator]
        raise ValueError(f"{text!r} is an empty range; the lower end comes first")
    return Within(low, high, with_low=found[1] == "[", with_high=found[4] == "]")


def _split(text: str) -> list[str]:
    """Split at commas outside brackets and quotes."""
    parts, depth, quote, start = [], 0, "", 0
    for at, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
        elif char == "," and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
    return [*parts, text[start:].strip()]


def _ordered(text: str, whole: str) -> Value:
    value = _bare(text.strip())
    if isinstance(value, str | bool):
        raise ValueError(f"{whole!r} compares with {text!r}, which is neither a number nor a day")
    return value


def _bare(text: str) -> Value:
    """Read a value written as text: quoted text stays text, numbers, percents and days do not."""
    if found := _QUOTED.fullmatch(text):
        return (found[1] if found[1] is not None else found[2]).strip()
    if found := _PERCENT.fullmatch(text):
        return Decimal(found[1]) / 100
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    if text in ("true", "false"):
        return text == "true"
    try:
        return dt.date.fromisoformat(text) if len(text) == 10 else text
    except ValueError:
        return text


def _scalar(value: object) -> Value:
    if isinstance(value, bool | Decimal | dt.datetime | dt.date):
        return value
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"{value!r} is not a value that a fact could have") from None
    if not number.is_finite():
        raise ValueError(f"{value} is not a number that a fact could have")
    return number


def write_value(value: Value) -> str:
    """Write a value so that reading it gives the same value again."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.date):
        return value.isoformat()
    plain = value and _parse_or_none(value) == Equals(value) and "," not in value
    return value if plain else f'"{value}"'


def _parse_or_none(text: str) -> Test | None:
    try:
        return _parse_text(text)
    except ValueError:
        return None


def _written(test: Test) -> object:
    if isinstance(test, AnyOf):
        return [_written(each) for each in test.tests]
    if isinstance(test, Missing):
        return None
    if isinstance(test, Equals) and isinstance(test.value, Decimal):
        whole = test.value == test.value.to_integral_value()
        return int(test.value) if whole else float(test.value)
    if isinstance(test, Equals) and isinstance(test.value, bool | dt.date):
        return test.value
    return str(test)
