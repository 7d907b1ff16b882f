"""The terms that clauses are written in: how each is read, written again, and shown to editors."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from counterpoise.agreement.conditions import Condition
from counterpoise.agreement.quantities import (
    Duration,
    Hours,
    format_rate,
    is_number,
    parse_amount,
    parse_day,
    parse_number,
    parse_rate,
    parse_weekdays,
)

Granted = TypeVar("Granted")

_IDENTIFIER = re.compile(r"\w[\w-]*")


def parse_identifier(value: str) -> str:
    """Read the name by which a clause is cited.

    Raises:
        ValueError: If it holds anything but letters, digits, `_` and `-`.
    """
    name = value.strip()
    if not _IDENTIFIER.fullmatch(name):
        raise ValueError(
            f"{value!r} cannot be cited; an id has letters, digits, _ and -, like three_years"
        )
    return name


def parse_flag(value: object) -> bool:
    """Read `true` or `false`, and nothing else: `yes`, `no` and `off` are plain text.

    Raises:
        ValueError: If it is neither.
    """
    if isinstance(value, bool):
        return value
    if value not in {"true", "false"}:
        raise ValueError(f"{str(value)!r} is neither true nor false")
    return value == "true"


def parse_whole(value: object) -> int:
    """Read a whole number.

    Raises:
        ValueError: If it is none.
    """
    text = str(value).strip()
    if isinstance(value, bool) or not is_number(text):
        raise ValueError(f"{text!r} is not a whole number")
    number = parse_number(text)
    if number != number.to_integral_value():
        raise ValueError(f"{text} is not a whole number")
    return int(number)


def parse_target(value: object) -> Duration | Decimal:
    """Read what a goal or promise asks for: a share, a number, or a length of time.

    Raises:
        ValueError: If it is none of them.

    >>> parse_target("92%"), str(parse_target("10 working days"))
    (Decimal('0.92'), '10 working days')
    """
    if isinstance(value, Duration):
        return value
    text = str(value).strip()
    if text.endswith("%") and is_number(text[:-1].strip()):
        return parse_number(f"{parse_number(text[:-1].strip()) / 100:f}")
    if is_number(text):
        return parse_amount(value)
    try:
        return Duration.parse(text)
    except ValueError:
        raise ValueError(
            f"{text!r} is no target; write a share (92%), a number (120) or a time (5 working days)"
        ) from None


def parse_moment(value: object) -> dt.datetime:
    """Read a day with its time.

    Raises:
        ValueError: If it is not an ISO 8601 time.
    """
    if isinstance(value, dt.datetime):
        return value
    try:
        return dt.datetime.fromisoformat(str(value).strip())
    except ValueError:
        raise ValueError(f"{str(value)!r} is not a time; write 2026-06-24T15:30") from None


def parse_holidays(value: object) -> str | tuple[dt.date, ...]:
    """Read holidays: the code of a country or region, or a list of days.

    Raises:
        ValueError: If it is neither.
    """
    if isinstance(value, list | tuple):
        return tuple(sorted({parse_day(day) for day in value}))
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise ValueError("holidays are the code of a country, like HR or DE-BY, or a list of days")


def roles_of(who: str) -> tuple[str, ...]:
    """Split the left side of an `up_to` entry into its roles.

    >>> roles_of("sales_manager + product_marketing")
    ('sales_manager', 'product_marketing')
    """
    return tuple(role.strip() for role in who.split("+"))


def _tidy(grants: Mapping[str, Granted]) -> Mapping[str, Granted]:
    """Write every group alike, and refuse a table that names nobody or one group twice."""
    if not grants:
        raise ValueError("nobody is named; write who may grant how much, like {rep: 10%}")
    tidy: dict[str, Granted] = {}
    seen: dict[frozenset[str], str] = {}
    for who, granted in grants.items():
        roles = roles_of(who)
        if not all(roles) or len(set(roles)) < len(roles):
            raise ValueError(f"{who!r} does not name roles; write one role, or two as a + b")
        if twin := seen.get(frozenset(roles)):
            raise ValueError(f"{who!r} and {twin!r} are the same group; keep one")
        seen[frozenset(roles)] = who
        tidy[" + ".join(roles)] = granted
    return tidy


def _as_object(condition: Condition) -> dict[str, object]:
    return condition.written()


def _text_schema(pattern: str, description: str, *examples: str) -> WithJsonSchema:
    return WithJsonSchema(
        {
            "type": "string",
            "pattern": pattern,
            "description": description,
            "examples": list(examples),
        }
    )


def _number_or(pattern: str, description: str, **limits: float) -> WithJsonSchema:
    return WithJsonSchema(
        {
            "anyOf": [{"type": "number", **limits}, {"type": "string", "pattern": pattern}],
            "description": description,
        }
    )


_AS_TEXT: Callable[[Any], PlainSerializer] = lambda form: PlainSerializer(form, return_type=str)  # noqa: E731

_DURATION_PATTERN = r"^\d+(\.\d+)?\s+(working\s+)?(minute|hour|day|week)s?$"
_A_TEST: dict[str, Any] = {
    "description": (
        'A value, "< 5", "<= 5", "> 5", ">= 5", a range "[1..5]" or "(1..5)", "not(a, b)", '
        "null for a missing fact, - for anything"
    ),
    "type": ["string", "number", "boolean", "null"],
}
_CONDITION_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": (
        "Fields with tests that must all hold. Bare names are looked for in deal, account, "
        "product and owner, in that order; others are qualified (owner.region); attributes are "
        "attr.NAME."
    ),
    "additionalProperties": {
        "anyOf": [
            _A_TEST,
            {
                "type": "array",
                "description": "Any of these",
                "minItems": 1,
                "items": _A_TEST,
            },
        ]
    },
    "examples": [{"segment": "Enterprise", "list_amount": ">= 50000"}],
}

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Identifier = Annotated[
    str,
    AfterValidator(parse_identifier),
    _text_schema(r"^[^\W][\w-]*$", "The name by which this clause is cited", "three_years"),
]
Flag = Annotated[bool, BeforeValidator(parse_flag)]
Whole = Annotated[int, BeforeValidator(parse_whole)]
Rate = Annotated[
    Decimal,
    BeforeValidator(parse_rate),
    _AS_TEXT(format_rate),
    _number_or(r"^\d+(\.\d+)?\s*%$", "A share of list: 18% or 0.18", minimum=0, maximum=1),
]
Amount = Annotated[
    Decimal,
    BeforeValidator(parse_amount),
    _AS_TEXT(lambda amount: f"{amount:f}"),
    _number_or(r"^\d+(\.\d+)?$", "Money in the company's currency, or a count", minimum=0),
]
Day = Annotated[
    dt.date,
    BeforeValidator(parse_day),
    _text_schema(r"^\d{4}-\d{2}-\d{2}$", "A day", "2026-07-01"),
]
Moment = Annotated[dt.datetime, BeforeValidator(parse_moment)]
When = Annotated[
    Condition,
    BeforeValidator(Condition.parse),
    PlainSerializer(_as_object),
    WithJsonSchema(_CONDITION_SCHEMA),
]
Span = Annotated[
    Duration,
    BeforeValidator(Duration.parse),
    _AS_TEXT(str),
    _text_schema(_DURATION_PATTERN, "A length of time", "4 working hours", "2 days"),
]
OfficeHours = Annotated[
    Hours,
    BeforeValidator(Hours.parse),
    _AS_TEXT(str),
    _text_schema(r"^\d{2}:\d{2}\s*-\s*\d{2}:\d{2}$", "From opening to closing", "09:00-17:00"),
]
Weekdays = Annotated[
    tuple[str, ...],
    BeforeValidator(parse_weekdays),
    WithJsonSchema(
        {
            "description": "A range like mon-fri, or a list of days",
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
        }
    ),
]
Holidays = Annotated[
    str | tuple[Day, ...],
    BeforeValidator(parse_holidays),
    WithJsonSchema(
        {
            "description": "The code of a country or region (HR, DE-BY), or a list of days",
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
        }
    ),
]
Target = Annotated[
    Decimal | Duration,
    BeforeValidator(parse_target),
    _AS_TEXT(lambda target: f"{target:f}" if isinstance(target, Decimal) else str(target)),
    _number_or(
        rf"(^\d+(\.\d+)?\s*%?$)|({_DURATION_PATTERN})",
        "A share (92%), a number (120), or a length of time (5 working days)",
        minimum=0,
    ),
]
Rates = Annotated[Mapping[str, Rate], AfterValidator(_tidy)]
Amounts = Annotated[Mapping[str, Amount], AfterValidator(_tidy)]
