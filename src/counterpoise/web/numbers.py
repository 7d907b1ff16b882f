"""How numbers are written for the person who reads the page, and what they type back."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextvars import ContextVar
from enum import StrEnum
from functools import wraps

from django.http import HttpRequest, HttpResponseBase


class Figures(StrEnum):
    """How thousands and decimals are set apart, by an example."""

    COMMA_POINT = "1,234.5"
    POINT_COMMA = "1.234,5"
    SPACE_COMMA = "1 234,5"
    APOSTROPHE_POINT = "1'234.5"


_MARKS = {
    Figures.POINT_COMMA: str.maketrans(",.", ".,"),
    Figures.SPACE_COMMA: str.maketrans(",.", "\u202f,"),
    Figures.APOSTROPHE_POINT: str.maketrans(",", "’"),
}
_BY_POINTS = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d*)?", re.ASCII)
_reader: ContextVar[Figures] = ContextVar("reader", default=Figures.COMMA_POINT)


class NumbersMiddleware:
    """Write numbers as the person who is signed in reads them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request in the person's style."""
        token = _reader.set(Figures(getattr(request.user, "figures", Figures.COMMA_POINT)))
        try:
            return self._get_response(request)
        finally:
            _reader.reset(token)


def as_read(write: Callable[..., str]) -> Callable[..., str]:
    """Let what a function writes follow the style of the reader."""

    @wraps(write)
    def written(*arguments: object) -> str:
        marks = _MARKS.get(_reader.get())
        text = write(*arguments)
        return text.translate(marks) if marks else text

    return written


def as_typed(text: str) -> str:
    """Return a number that somebody typed in their own style as programs read it.

    Only thousands set apart by points need it: everything else means the same in every style.
    """
    if _reader.get() is Figures.POINT_COMMA and _BY_POINTS.fullmatch(text.strip()):
        return text.strip().replace(".", "").replace(",", ".")
    return text
