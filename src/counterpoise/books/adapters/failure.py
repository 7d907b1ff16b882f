"""What is wrong with SQL that an engine refused: the line and the cause, in few words."""

from __future__ import annotations

import re
from collections.abc import Callable

from counterpoise.books.adapters.macros import MACROS
from counterpoise.books.adapters.spelling import did_you_mean

_LINE = re.compile(r"^LINE (\d+):", re.MULTILINE)
_KIND = re.compile(r"^[A-Z][\w -]* Error: ")
_QUOTED = re.compile(r'"([^"]*)"')
_MOST_NAMES = 8
_DECLARE = "columns of the source must be named in adapter.toml"


def cause_of(error: Exception, columns: tuple[str, ...] = ()) -> str:
    r"""Return what an engine's error means to whoever wrote the SQL, with the line.

    Args:
        error: What the engine said.
        columns: The columns that the SQL may use, for the nearest name.

    >>> cause_of(ValueError('Parser Error: syntax error at or near "FRO"\n\nLINE 2: FRO t'))
    'line 2: syntax error at or near "FRO"'
    """
    text = str(error)
    found = _LINE.search(text)
    place = f"line {found.group(1)}: " if found else ""
    said = _KIND.sub("", text.partition("\n\nLINE ")[0].strip())
    for pattern, say in _CAUSES:
        if known := pattern.search(said):
            return place + say(known, columns)
    return place + said.splitlines()[0].rstrip(".")


def _no_column(found: re.Match[str], columns: tuple[str, ...]) -> str:
    name = found.group("name")
    known = columns or tuple(_QUOTED.findall(found.string[found.end() :]))
    hint = did_you_mean(name, known)
    if not hint and known:
        more = " …" if len(known) > _MOST_NAMES else ""
        hint = f"; there are {', '.join(sorted(known)[:_MOST_NAMES])}{more}"
    return f"there is no column {name}{hint}; {_DECLARE}"


def _no_function(found: re.Match[str], _: tuple[str, ...]) -> str:
    name = found.group("name")
    suggested = _QUOTED.findall(found.string[found.end() :])
    return f"there is no function {name}{did_you_mean(name, (*suggested, *MACROS))}"


def _wrong_types(found: re.Match[str], _: tuple[str, ...]) -> str:
    hint = ""
    if "VARCHAR" in found.group("types"):
        hint = f"; columns are text, read them with {', '.join(MACROS)}"
    return f"{found.group('name')} does not take ({found.group('types')}){hint}"


_CAUSES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], tuple[str, ...]], str]], ...] = (
    (re.compile(r'Referenced column "(?P<name>[^"]*)" not found'), _no_column),
    (re.compile(r'does not have a column named "(?P<name>[^"]*)"'), _no_column),
    (re.compile(r"Function with name (?P<name>\S+) does not exist"), _no_function),
    (
        re.compile(r"No function matches .* types '(?P<name>[^'(]+)\((?P<types>[^')]*)\)'"),
        _wrong_types,
    ),
)
