"""Which tools help, as far as the books tell."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from counterpoise.web.access import user_of
from counterpoise.web.results.reading import latest
from counterpoise.web.tools.helping import helping_page


@require_safe
def what_helps(request: HttpRequest) -> HttpResponse:
    """Show what tools go with, which lie unused, and where one lacks."""
    kept = latest()
    page = helping_page(user_of(request), kept) if kept else None
    return render(request, "tools/helps.html", {"page": page, "kept": kept})
