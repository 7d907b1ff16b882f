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
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any

from counterpoise.agreement.quantities import is_number, parse_number

Truth = bool | None
"""True, False, or None where a missing fact decides."""

Value = str | bool | Decimal | dt.date
"""What a test compares a fact with. Numbers are decimals; an instant is compared by its day."""

COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


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


class ConditionError(ValueError):
    """Tests of a condition cannot be read; `wrong` says of each field why."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {says}" for field, says in wrong.items()))
        self.wrong = dict(wrong)


@dataclass(frozen=True)
class Condition:
    """Tests that must all hold. Without any it always holds."""

    tests: tuple[FieldTest, ...] = ()

    @classmethod
    def parse(cls, written: object) -> Condition:
        """Read a condition as it is written in an agreement.

        Raises:
            ValueError: If it is no mapping of fields to tests.
            ConditionError: If a test cannot be read.

        >>> str(Condition.parse({"segment": ["SMB", "Mid"], "employees": "[50..1000)"}))
        'segment: SMB, Mid; employees: [50..1000)'
        """
        if isinstance(written, Condition):
            return written
        if not isinstance(written, Mapping):
            raise ValueError(
                f"{written!r} is not a condition; write fields with tests, like "
                "{segment: Enterprise}"
            )
        tests, wrong = [], {}
        for name, test in written.items():
            field = str(name).strip()
            try:
                tests.append(FieldTest(field, parse_test(test)))
            except ValueError as error:
                wrong[field] = str(error)
        if wrong:
            raise ConditionError(wrong)
        return cls(tuple(tests))

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
            return _comparable(fact, value) == value
        case Compares(operator, value):
            return COMPARISONS[operator](_comparable(fact, value), value)
        case Within(low, high, with_low, with_high):
            known: Any = _comparable(fact, low)
            above = known >= low if with_low else known > low
            below = known <= high if with_high else known < high
            return bool(above and below)


def _comparable(fact: object, value: Value) -> object:
    """Return the day of an instant where it is compared with a day."""
    by_day = isinstance(value, dt.date) and not isinstance(value, dt.datetime)
    return fact.date() if by_day and isinstance(fact, dt.datetime) else fact


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


LONGEST_TEST = 2000
"""Characters that one test may have; longer ones are lists."""
DEEPEST_NOT = 20

_RANGE = re.compile(r"([\[(\]])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])\[])")
_COMPARE = re.compile(r"(<=|>=|<|>)\s*(.+)")
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_PERCENT = re.compile(r"([-+]?\d+(?:\.\d+)?)\s*%", re.ASCII)
_QUOTED = re.compile(r"""\s*(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)')\s*""")
_WORD_START = re.compile(r"[<>\[(]|not\s*\(")
_CODE = re.compile(r"0\d+", re.ASCII)  # 007 is a name, not the number 7
_BARE_RANGE = re.compile(r"[-+]?\d[\d.-]*\s*\.\.\s*[-+]?\d[\d.-]*")


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
        tests = tuple(parse_test(each) for each in written)
        return tests[0] if len(tests) == 1 else AnyOf(tests)
    if isinstance(written, str):
        if len(written) > LONGEST_TEST:
            raise ValueError(f"{written[:40]!r}… is too long for a test; write a list of values")
        return _parse_text(written.strip(), 0)
    return Equals(_scalar(written))


def _parse_text(text: str, depth: int) -> Test:
    if depth > DEEPEST_NOT:
        raise ValueError("too many not(...) stand inside each other")
    if text in ("-", "null"):
        return Anything() if text == "-" else Missing()
    if found := _NOT.fullmatch(text):
        tests = tuple(_parse_text(part, depth + 1) for part in _split(found[1]))
        return Not(tests[0] if len(tests) == 1 else AnyOf(tests))
    if found := _COMPARE.fullmatch(text):
        return Compares(found[1], _ordered(found[2], text))
    if found := _RANGE.fullmatch(text):
        return _range(found, text)
    if _WORD_START.match(text):
        raise ValueError(
            f'{text!r} is not a test; write it in quotes, like ">= 50000", "[50..1000)" or '
            '"not(Retail)"'
        )
    if _BARE_RANGE.fullmatch(text):
        raise ValueError(f'{text!r} lacks its brackets; write the range in quotes, "[{text}]"')
    return Equals(_bare(text))


def _range(found: re.Match[str], text: str) -> Within:
    low, high = _ordered(found[2], text), _ordered(found[3], text)
    if type(low) is not type(high):
        raise ValueError(f"{text!r} has a number at one end and a day at the other")
    with_low, with_high = found[1] == "[", found[4] == "]"
    if low > high or (low == high and not (with_low and with_high)):  # type: ignore[operator]
        raise ValueError(f"{text!r} is an empty range; the lower end comes first")
    return Within(low, high, with_low=with_low, with_high=with_high)


def _split(text: str) -> list[str]:
    """Split at commas outside brackets and quotes; a quote opens only at the start of a part."""
    parts, at = [], 0
    while at <= len(text):
        found = _QUOTED.match(text, at)
        quoted = found is not None and text[found.end() : found.end() + 1] in ("", ",")
        end = found.end() if found and quoted else _end_of_part(text, at)
        parts.append(text[at:end].strip())
        at = end + 1
    return parts


def _end_of_part(text: str, start: int) -> int:
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] in "([") - (text[at] in ")]")
        if text[at] == "," and depth <= 0:
            return at
    return len(text)


def _ordered(text: str, whole: str) -> Value:
    value = parse_number(text.strip()) if is_number(text.strip()) else _bare(text.strip())
    if isinstance(value, str | bool):
        raise ValueError(f"{whole!r} compares with {text!r}, which is neither a number nor a day")
    return value


def _bare(text: str) -> Value:
    """Read a value written as text: quoted text stays text, numbers, percents and days do not."""
    if found := _QUOTED.fullmatch(text):
        text = (found[1] or "").replace('""', '"') or (found[2] or "").replace("''", "'")
        return _not_blank(text.strip())
    if found := _PERCENT.fullmatch(text):
        return parse_number(f"{Decimal(found[1]) / 100:f}")
    if is_number(text) and not _CODE.fullmatch(text):
        return parse_number(text)
    if text in ("true", "false"):
        return text == "true"
    try:
        return dt.date.fromisoformat(text) if len(text) == len("2026-07-01") else _not_blank(text)
    except ValueError:
        return _not_blank(text)


def _not_blank(text: str) -> str:
    if not text:
        raise ValueError("an empty text never holds; write null for a missing fact, - for anything")
    return text


def _scalar(value: object) -> Value:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, bool | dt.date):
        return value
    if isinstance(value, int | float | Decimal) and is_number(f"{value}"):
        return parse_number(f"{value}")
    raise ValueError(f"{value!r} is not a value that a fact could have")


_PLAIN = re.compile(r"[\w&/+][\w &/+.'-]*")


def write_value(value: Value) -> str:
    """Write a value so that reading it gives the same value again."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if _PLAIN.fullmatch(value) and _parse_or_none(value) == Equals(value):
        return value
    doubled = value.replace('"', '""')
    return f'"{doubled}"'


def _parse_or_none(text: str) -> Test | None:
    try:
        return _parse_text(text, 0)
    except ValueError:
        return None


def _written(test: Test) -> object:
    if isinstance(test, AnyOf):
        return [_written(each) for each in test.tests]
    if isinstance(test, Missing):
        return None
    if isinstance(test, Equals) and isinstance(test.value, Decimal):
        whole = test.value == test.value.to_integral_value()
        return int(test.value) if whole else str(test)
    if isinstance(test, Equals) and isinstance(test.value, bool):
        return test.value
    if isinstance(test, Equals) and isinstance(test.value, str):
        return test.value if _parse_or_none(test.value) == test else str(test)
    return str(test)
