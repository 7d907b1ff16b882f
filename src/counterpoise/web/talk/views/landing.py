"""Where talk begins: what is asked of a person, and the threads that they are in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from counterpoise.web.access import user_of
from counterpoise.web.talk.landing import landing_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for a person, what they wait for, and where they talked last."""
    return render(request, "talk/home.html", {"page": landing_of(user_of(request))})
