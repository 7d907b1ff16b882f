"""Pages that say what went wrong and what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Say that the request cannot be read."""
    return render(request, "shell/error.html", {"heading": "This cannot be read"}, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that this is not for the person who asked."""
    shown = {"heading": "This is not open to you", "says": str(exception)}
    return render(request, "shell/error.html", shown, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Say that nothing is here, or nothing that this person may see."""
    return render(request, "shell/error.html", {"heading": "Nothing is here"}, status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Say that it failed on this side."""
    return render(request, "shell/failed.html", status=500)
