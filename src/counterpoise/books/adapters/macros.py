"""The functions that an adapter's SQL has for reading text: amounts, rates, days, times, flags.

Each reads one value as an import would, by the adapter's conventions alone: a column's evidence
is out of sight here. A value that cannot be read becomes NULL; a day or time that the conventions
leave open stops with a message that says which of them to state.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from counterpoise.books.schema import Kind
from counterpoise.books.values import moments, numbers, words

if TYPE_CHECKING:
    from counterpoise.books.adapters.manifest import Conventions

MACROS = MappingProxyType(
    {
        "as_money": "an amount: currency signs, thousands, K/M/B, (1.00) for -1.00",
        "as_number": "a number, read like an amount",
        "as_rate": "a fraction: `18%` and `0.18` are both 0.18",
        "as_day": "a day, of a day or a time",
        "as_instant": "a time, in the adapter's time zone where the text has an offset",
        "as_flag": "true or false, of true/false, yes/no, t/f, y/n, 1/0",
    }
)
"""What adapters may call, and what each reads."""

_TEXT = "trim(x::VARCHAR)"
_NUMERIC_DATE = r"^\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}\b"
_OFFSET = r":\d{2}(\.\d+)?\s*(Z|UTC|GMT|[+-]\d{2}(:?\d{2})?)$"


def macro_definitions(conventions: Conventions, schema: str) -> tuple[str, ...]:
    """Return the statements that make the macros in a schema."""
    bodies = {
        "as_money": _number(conventions, Kind.MONEY),
        "as_number": _number(conventions, Kind.NUMBER),
        "as_rate": _number(conventions, Kind.RATE),
        "as_day": _moment(conventions, Kind.DAY),
        "as_instant": _moment(conventions, Kind.INSTANT),
        "as_flag": words.boolean(_TEXT),
    }
    return tuple(f"CREATE MACRO {schema}.{name}(x) AS {body}" for name, body in bodies.items())


def _number(conventions: Conventions, kind: Kind) -> str:
    plain = numbers.plain(_TEXT, kind)
    if conventions.decimal == ",":
        plain = f"CASE WHEN NOT contains({_TEXT}, '.') THEN {plain} END"
    read = numbers.NumberStyle(conventions.decimal or ".").reading(_TEXT, kind)
    return f"coalesce({plain}, {read})"  # a value that is plainly written costs nothing


def _moment(conventions: Conventions, kind: Kind) -> str:
    order = conventions.date_order
    zone = conventions.time_zone or "UTC"
    style = moments.MomentStyle(dict.fromkeys(moments.SEPARATORS, order or "ymd"))
    read = style.reading(_TEXT, kind, moments.Zones(zone))
    if order is None:
        is_open = f"regexp_matches({_TEXT}, '{_NUMERIC_DATE}')"
        problem = "can be read in two ways: state conventions.date_order"
        read = _unless(is_open, problem, read, kind)
    if kind is Kind.INSTANT and conventions.time_zone is None:
        has_offset = f"regexp_matches({_TEXT}, '{_OFFSET}')"
        read = _unless(has_offset, "has an offset: state conventions.time_zone", read, kind)
    return f"coalesce({moments.plain(_TEXT, kind)}, {read})"


def _unless(condition: str, problem: str, read: str, kind: Kind) -> str:
    kept = "DATE" if kind is Kind.DAY else "TIMESTAMP"
    stop = f"CAST(error('\"' || {_TEXT} || '\" {problem}') AS {kept})"
    return f"CASE WHEN {condition} THEN {stop} ELSE {read} END"
