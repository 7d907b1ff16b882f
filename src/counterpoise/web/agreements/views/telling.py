"""How an act that is refused is told: in its words, on the page that it came from."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from counterpoise.errors import CounterpoiseError

Act = Callable[..., HttpResponseBase]


def act(back: Callable[..., str]) -> Callable[[Act], Act]:
    """Take a POST alone; a refusal is told on the page whose address `back` returns."""

    def told(view: Act) -> Act:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
            try:
                return view(request, *args, **options)
            except CounterpoiseError as error:
                messages.error(request, sentence(str(error)))
                return redirect(back(*args, **options))

        return require_POST(guarded)

    return told


def sentence(says: str) -> str:
    """Write what an error says as a sentence.

    >>> sentence("it is over")
    'It is over.'
    """
    said = says[:1].upper() + says[1:]
    return said if said.endswith((".", "?", "!")) else f"{said}."


def refused(request: HttpRequest, error: CounterpoiseError) -> None:
    """Tell a refusal on the page that is shown next."""
    messages.error(request, sentence(str(error)))
