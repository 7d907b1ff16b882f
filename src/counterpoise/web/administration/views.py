"""The settings' first page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from counterpoise.web import house
from counterpoise.web.access import administrators
from counterpoise.web.administration.overview import sections


@administrators
def settings_page(request: HttpRequest) -> HttpResponse:
    """Show how the room is set up."""
    shown = {"sections": sections(), "workspace": house.workspace()}
    return render(request, "administration/settings.html", shown)
