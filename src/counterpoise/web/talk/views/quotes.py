"""Quoting a figure: where to speak of it."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from counterpoise.web.access import user_of
from counterpoise.web.people.models import User
from counterpoise.web.talk.landing import names_of_threads
from counterpoise.web.talk.quoting import BrokenSealError, unseal
from counterpoise.web.talk.states import Kind
from counterpoise.web.talk.things import Thing, clause_names, things_for

_MOST = 12


@require_safe
def quote(request: HttpRequest, token: str) -> HttpResponse:
    """Show a figure that was taken from a page, and the threads in which to speak of it."""
    user = user_of(request)
    try:
        figure = unseal(token, user)
    except BrokenSealError as error:
        raise Http404(str(error)) from error
    if figure.about:
        found = things_for(user, [figure.about]).get(figure.about)
        if found is not None:
            return redirect(f"{found.url_of_thread}?{urlencode({'quote': token})}#talk")
    asked = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    met = _met(user, asked) if asked else []
    things = met or list(things_for(user, names_of_threads(user)[:_MOST]).values())
    shown = {"figure": figure, "token": token, "things": things, "asked": asked, "found": met}
    return render(request, "talk/quote.html", shown)


def _met(user: User, asked: str) -> list[Thing]:
    """Return the things that open and are called so."""
    return list(things_for(user, _names(asked)).values())[:_MOST]


def _names(asked: str) -> Iterator[str]:
    yield asked
    yield from (f"{kind}:{asked}" for kind in Kind if kind is not Kind.CLAUSE)
    term = asked.casefold()
    yield from (f"{Kind.CLAUSE}:{name}" for name in clause_names() if term in name.casefold())
