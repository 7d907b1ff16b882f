"""The page of what a search found."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from counterpoise.web.access import user_of
from counterpoise.web.places import found_for
from counterpoise.web.search.ranking import ranked

_A_FEATURE = 12
_LONGEST = 100


@require_safe
@vary_on_headers("HX-Request")
def results(request: HttpRequest) -> HttpResponse:
    """Show what was found; only the list where the page has the rest already."""
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:_LONGEST]
    hits = found_for(user_of(request), words, _A_FEATURE) if words else []
    shown = {"words": words, "groups": ranked(hits, words), "found": len(hits)}
    is_part = request.headers.get("HX-Target") == "found"
    return render(request, "search/_found.html" if is_part else "search/results.html", shown)
