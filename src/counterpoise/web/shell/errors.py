"""Pages that say what went wrong and what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

_STALE = "The page was open for long, or in two windows. Go back, load it anew and try again."


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Say that the request cannot be read."""
    return render(request, "shell/error.html", {"heading": "This cannot be read"}, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that this is not for the person who asked."""
    shown = {"heading": "This is not open to you", "says": str(exception)}
    return render(request, "shell/error.html", shown, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Say that nothing is here, or nothing that this person may see."""
    shown = {"heading": "Nothing is here", "says": "Or nothing that is open to you."}
    return render(request, "shell/error.html", shown, status=404)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Say that a form was sent without its token."""
    shown = {"heading": "This form is no longer good", "says": _STALE}
    return render(request, "shell/error.html", shown, status=403)


def failed(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Say that it failed on this side, with a page that needs nothing else to work."""
    return HttpResponse(get_template("shell/failed.html").render(), status=500)
