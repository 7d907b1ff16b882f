"""What the templates of a thread are told, on its own page and at the foot of a thing's."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.http import urlencode

from counterpoise.web.access import user_of
from counterpoise.web.talk.forms import WordsForm
from counterpoise.web.talk.quoting import BrokenSealError, Figure, unseal
from counterpoise.web.talk.things import Thing, clause_names
from counterpoise.web.talk.threads import Thread, page_of, thread_of

_LONGEST_ID = 18
KINDS = {
    "clause": "Clause",
    "deal": "Deal",
    "lead": "Lead",
    "campaign": "Campaign",
    "tool": "Tool",
    "request": "Request",
    "crack": "Crack",
    "promotion": "Request for a promotion",
    "promoted": "Promotion",
}


def thread_shown(
    request: HttpRequest,
    thing: Thing,
    *,
    is_whole: bool = False,
    is_open: bool = False,
    **forms: Any,
) -> dict[str, Any]:
    """Return what the thread of a thing is shown with.

    Args:
        request: Who reads it.
        thing: What it is about.
        is_whole: Fold nothing away, and show a page: the newest, or the one that is asked for.
        is_open: Keep the form open though nothing was said yet.
        forms: Forms that were filled in and refused.
    """
    user = user_of(request)
    thread = _page(request, thing) if is_whole else thread_of(user, thing)
    sealed, figure = _quoted(request)
    form = WordsForm(user, initial={"token": thread.token, "quote": sealed})
    says = clause_names().get(thing.id, "") if thing.kind == "clause" else ""
    return {
        "thing": thing,
        "thread": thread,
        "kind": KINDS[thing.kind],
        "says": says,
        "say_form": form,
        "quoted": figure,
        "ask_query": f"?{urlencode({'quote': sealed})}" if figure else "",
        "is_open": is_open or bool(figure) or is_whole or not thread.is_empty,
        "is_whole": is_whole,
        **forms,
    }


def _page(request: HttpRequest, thing: Thing) -> Thread:
    """Return the page of a thread that an address asks for, by its number or by words on it."""
    asked = request.GET.get("words", "")
    is_id = asked.isascii() and asked.isdigit() and len(asked) <= _LONGEST_ID
    number = request.GET.get("page", "")
    return page_of(user_of(request), thing, number, int(asked) if is_id else None)


def _quoted(request: HttpRequest) -> tuple[str, Figure | None]:
    """Return the figure that comes along by the address, sealed and open."""
    sealed = request.GET.get("quote", "") if request.method == "GET" else ""
    if not sealed:
        return "", None
    try:
        return sealed, unseal(sealed, user_of(request))
    except BrokenSealError:
        return "", None
