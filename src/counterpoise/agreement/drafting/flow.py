"""Values of a draft on one line, as YAML that reads the same again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from counterpoise.agreement.conditions import Equals, write_value

_PLAIN = re.compile(r"[A-Za-z_][\w %.+/-]*|\d[\w%.]*( [a-z ]+)?|\d{4}-\d{2}-\d{2}", re.ASCII)
_NOTHING = frozenset({"null", "Null", "NULL"})


def flow(value: object) -> str:
    """Write a value on one line.

    >>> flow({"rep": "10%", "when": {"list_amount": ">= 50000"}, "of": ["a", "b: c"]})
    '{rep: 10%, when: {list_amount: ">= 50000"}, of: [a, "b: c"]}'
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(key)}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(each) for each in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    text = str(value)
    is_plain = _PLAIN.fullmatch(text) and text.strip() == text and text not in _NOTHING
    return text if is_plain else _quoted(text)


def _quoted(text: str) -> str:
    """Put a text in quotes, with escapes for what no text file should hold."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    shown = (char if char.isprintable() else f"\\U{ord(char):08x}" for char in escaped)
    return f'"{"".join(shown)}"'


def printable(text: str) -> str:
    """Put a question mark for what no comment should hold, such as a tab."""
    return "".join(char if char.isprintable() else "?" for char in text)


def value_of(text: str) -> str:
    """Write a text of the books as the value of a test, so that it stays a text.

    >>> value_of("Food, Beverage"), value_of("Retail"), value_of("5")
    ('"Food, Beverage"', 'Retail', '"5"')
    """
    return write_value(Equals(text).value)


def identifier(text: str) -> str:
    """Make an id from a text of the books.

    >>> identifier("Food & Beverage"), identifier("  ")
    ('food_beverage', 'other')
    """
    return re.sub(r"\W+", "_", text.lower()).strip("_") or "other"
