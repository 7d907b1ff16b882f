"""The functions that an adapter's SQL has for reading text: amounts, rates, days, times, flags.

Each reads one value, as the adapter's conventions say. A value that cannot be read becomes NULL,
but a day or time that the conventions leave open stops with a message that says which to state.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

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

_SUFFIXES = ("k", 1_000), ("m", 1_000_000), ("mn", 1_000_000), ("b", 10**9), ("bn", 10**9)

_DATES = {
    "mdy": ("%m/%d/%y", "%m/%d/%Y"),
    "dmy": ("%d/%m/%y", "%d/%m/%Y"),
    "ymd": ("%y/%m/%d", "%Y/%m/%d"),
    None: (),
}
_WORDED_DATES = ("%d/%b/%y", "%d/%b/%Y", "%d %b %Y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y")
_CLOCKS = ("", " %H:%M:%S.%f", " %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p")
_TIME_AND_OFFSET = r"(:\d{2}(\.\d+)?)\s*(Z|UTC|GMT|[+-]\d{2}(:?\d{2})?)$"


def macro_definitions(conventions: Conventions, schema: str) -> tuple[str, ...]:
    """Return the statements that make the macros in a schema, each after those that it calls."""
    bodies = {
        "_digits(x)": _digits(conventions),
        "_signed(x)": _signed(schema),
        "as_number(x)": _number(conventions, schema),
        "as_money(x)": _number(conventions, schema),
        "as_rate(x)": _rate(schema),
        "_clock(x)": _clock(),
        "_wall(x)": _wall(conventions, schema),
        "as_instant(x)": _instant(conventions, schema),
        "as_day(x)": f"CAST({schema}._wall(trim(x::VARCHAR)) AS DATE)",
        "as_flag(x)": _flag(),
    }
    return tuple(f"CREATE MACRO {schema}.{head} AS {body}" for head, body in bodies.items())


def _number(conventions: Conventions, schema: str) -> str:
    read = f"try_cast({schema}._signed(trim(x::VARCHAR)) AS DECIMAL(18, 4))"
    if conventions.decimal == ",":
        return read
    return f"coalesce(try_cast(x AS DECIMAL(18, 4)), {read})"  # plain digits need no regex


def _digits(conventions: Conventions) -> str:
    """Unsigned text with the decimal point as `.` and nothing between thousands."""
    bare = r"regexp_replace(x, '^[A-Z]{3}\b|\b[A-Z]{3}$|[\p{Sc}\s''’_]', '', 'g')"
    as_point, as_comma = f"replace({bare}, ',', '')", f"replace(replace({bare}, '.', ''), ',', '.')"
    if conventions.decimal:
        return as_point if conventions.decimal == "." else as_comma
    comma_is_last = rf"regexp_matches({bare}, '\..*,[0-9]+$')"
    one_comma = rf"regexp_matches({bare}, '^[0-9]*,([0-9]{{1,2}}|[0-9]{{4,}})$')"
    many_points = rf"regexp_matches({bare}, '^[0-9]{{1,3}}(\.[0-9]{{3}}){{2,}}$')"
    return (
        f"CASE WHEN {comma_is_last} OR {one_comma} OR {many_points} THEN {as_comma} "
        f"ELSE {as_point} END"
    )


def _signed(schema: str) -> str:
    negative = r"(starts_with(x, '(') AND ends_with(x, ')')) OR regexp_matches(x, '^\W*-|-$')"
    unsigned = r"regexp_replace(x, '^\(|\)$|^(\W*?)[+-]|-$', '\1', 'g')"
    suffix = rf"lower(regexp_extract({unsigned}, '[0-9]\s*(mn|bn|[kKmMbB])$', 1))"
    factor = " ".join(f"WHEN '{word}' THEN {factor}" for word, factor in _SUFFIXES)
    digits = f"{schema}._digits(regexp_replace({unsigned}, '(mn|bn|[kKmMbB])$', ''))"
    number = rf"try_cast(regexp_extract({digits}, '^[0-9.].*$') AS DECIMAL(28, 10))"
    return f"CASE WHEN {negative} THEN -1 ELSE 1 END * {number} * CASE {suffix} {factor} ELSE 1 END"


def _rate(schema: str) -> str:
    number = f"{schema}._signed(rtrim(replace(trim(x::VARCHAR), '%', '')))"
    return (
        f"try_cast(CASE WHEN contains(x::VARCHAR, '%') THEN {number} / 100 ELSE {number} END "
        "AS DECIMAL(18, 6))"
    )


def _clock() -> str:
    """Text of a day or time without its offset, `/` between the parts of the day."""
    return (
        rf"regexp_replace(regexp_replace(regexp_replace(x, '{_TIME_AND_OFFSET}', '\1'), "
        r"'^(\w+)[-./](\w+)[-./](\w+?)(T| |$)', '\1/\2/\3 '), '\s+$', '')"
    )


def _wall(conventions: Conventions, schema: str) -> str:
    text = f"{schema}._clock(x)"
    iso = f"coalesce(try_cast(x AS TIMESTAMP), {_parsed(text, ('%Y/%m/%d',))})"
    dates = _parsed(text, (*_DATES[conventions.date_order], *_WORDED_DATES))
    open_order = r"regexp_matches(x, '^\d{1,2}[-./]\d{1,2}[-./]\d{2,4}\b')"
    if conventions.date_order is None:
        message = "'\"' || x || '\" can be read in two ways: state conventions.date_order'"
        dates = f"CASE WHEN {open_order} THEN CAST(error({message}) AS TIMESTAMP) ELSE {dates} END"
    return rf"CASE WHEN regexp_matches(x, '^\d{{4}}[-/.]') THEN {iso} ELSE {dates} END"


def _parsed(text: str, dates: tuple[str, ...]) -> str:
    formats = ", ".join(f"'{date}{clock}'" for date in dates for clock in _CLOCKS)
    return f"try_strptime({text}, [{formats}])"


def _instant(conventions: Conventions, schema: str) -> str:
    text = "trim(x::VARCHAR)"
    wall = f"{schema}._wall({text})"
    offset = rf"regexp_extract({text}, '{_TIME_AND_OFFSET}', 3)"
    minutes = (
        f"(CASE WHEN starts_with({offset}, '-') THEN -1 ELSE 1 END * "
        f"(coalesce(try_cast(substr({offset}, 2, 2) AS INTEGER), 0) * 60 + "
        f"coalesce(try_cast(right(regexp_extract({offset}, '^[+-]\\d\\d:?(\\d\\d)$', 1), 2) "
        "AS INTEGER), 0)))"
    )
    if conventions.time_zone is None:
        message = f"'\"' || {text} || '\" has an offset: state conventions.time_zone'"
        local = f"CAST(error({message}) AS TIMESTAMP)"
    else:
        utc = f"timezone('UTC', {wall} - to_minutes({minutes}))"
        local = f"timezone('{conventions.time_zone}', {utc})"
    return f"CASE WHEN {offset} <> '' THEN {local} ELSE {wall} END"


def _flag() -> str:
    return (
        "CASE WHEN lower(trim(x::VARCHAR)) IN ('true', 't', 'yes', 'y', '1', '1.0') THEN true "
        "WHEN lower(trim(x::VARCHAR)) IN ('false', 'f', 'no', 'n', '0', '0.0') THEN false END"
    )
