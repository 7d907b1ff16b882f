"""The deals behind a figure of a replay."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from counterpoise.books.lock import LockHeldError
from counterpoise.web.access import scope_of, user_of
from counterpoise.web.agreements.shelf import NotOnShelfError
from counterpoise.web.rehearsals import replaying
from counterpoise.web.rehearsals.deals import LAST_PAGE, Part, deals_page
from counterpoise.web.rehearsals.trial import Trial
from counterpoise.web.rehearsals.views.trying import busy
from counterpoise.web.results.reading import latest


@require_safe
def deals(request: HttpRequest) -> HttpResponse:
    """Show the deals of a trial that an address means, and that open to the person."""
    kept = latest()
    try:
        tried = Trial.read(request.GET, user_of(request))
    except NotOnShelfError as error:
        raise Http404(str(error)) from error
    if tried is None or kept is None or not tried.sheet.is_sound:
        raise Http404("no such deals")
    if replaying.has_too_many(kept):
        raise Http404("too many deals to answer at once")
    if not replaying.is_laid_out(kept, tried.base.agreement):
        return render(request, "rehearsals/laying.html", {"tried": tried, "kept": kept})
    part = Part.read(request.GET)
    try:
        page = deals_page(kept, tried.agreement, part, _page(request), scope_of(user_of(request)))
    except LockHeldError:
        return busy(request)
    shown = {"page": page, "part": part, "tried": tried, "kept": kept}
    return render(request, "rehearsals/deals.html", shown)


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return min(max(number, 1), LAST_PAGE)
