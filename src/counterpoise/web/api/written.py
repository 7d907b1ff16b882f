"""A body read strictly, kept as JSON that says the same numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from counterpoise.books import unknown
from counterpoise.desk.reading import parse_json
from counterpoise.desk.request import Problem, RequestError

Word = TypeVar("Word", bound=StrEnum)
_MOST_DIGITS = 30
_NOT_KEPT = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Written:
    """The parts of a body, by name."""

    parts: Mapping[str, Any]

    def part(self, name: str) -> Mapping[str, Any]:
        """Return a part that is an object.

        Raises:
            RequestError: If it is something else.
        """
        found = self.parts.get(name)
        if not isinstance(found, Mapping):
            raise RequestError([Problem(name, "an object belongs here")])
        return found

    def text(self, name: str) -> str:
        """Return a part that is a text, empty where there is none.

        Raises:
            RequestError: If it is something else.
        """
        found = self.parts.get(name)
        if found is not None and not isinstance(found, str):
            raise RequestError([Problem(name, "a text belongs here")])
        return found or ""

    def word(self, name: str, words: type[Word]) -> Word:
        """Return a part that is one of some words.

        Raises:
            RequestError: If it is none of them.
        """
        found = self.text(name)
        if found not in set(words):
            raise RequestError([Problem(name, unknown("word", found[:60], list(words)))])
        return words(found)

    def number(self, name: str) -> int | None:
        """Return a part that is a number of something kept, or nothing.

        Raises:
            RequestError: If it is something else.
        """
        found = self.parts.get(name)
        if found is None:
            return None
        if not isinstance(found, int) or isinstance(found, bool) or not 0 < found < 2**63:
            raise RequestError([Problem(name, "the number of a request belongs here")])
        return found


def written_of(body: bytes, names: tuple[str, ...]) -> Written:
    """Read a body whose parts have these names.

    Raises:
        RequestError: If it is no JSON object, or has other parts.
    """
    content = _plain(parse_json(body))
    if not isinstance(content, Mapping):
        raise RequestError([Problem("", "an object belongs here")])
    others = [name for name in content if name not in names]
    if others:
        said = [Problem(name[:60], unknown("part", name[:60], names)) for name in others]
        raise RequestError(said)
    return Written(content)


def _plain(value: Any) -> Any:
    """Write decimals as JSON numbers where these say the same, else as text.

    Raises:
        RequestError: If a text holds what no database keeps.
    """
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, str):
        return _kept(value)
    if isinstance(value, dict):
        return {_kept(name): _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def _number(value: Decimal) -> int | float | str:
    if not value.is_finite() or abs(value.adjusted()) > _MOST_DIGITS:
        return str(value)
    if value == value.to_integral_value():
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else str(value)


def _kept(text: str) -> str:
    if _NOT_KEPT.search(text):
        says = "a text holds characters that cannot be kept; write plain text"
        raise RequestError([Problem("", says)])
    return text
