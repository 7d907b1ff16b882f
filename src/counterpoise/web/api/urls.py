"""Addresses of the API."""

from __future__ import annotations

from django.urls import URLPattern, include, path, re_path

from counterpoise.web.api.answering import answering, nothing_here
from counterpoise.web.api.application import make_api


def _answered() -> list[URLPattern]:
    """Return the addresses of the API, each answering as the API does."""
    found, _, _ = make_api().urls
    patterns = [pattern for pattern in found if isinstance(pattern, URLPattern)]
    for pattern in patterns:
        assert pattern.callback is not None
        pattern.callback = answering(pattern.callback)
    return patterns


urlpatterns = [
    path("", include((_answered(), "api"))),
    re_path("^.*$", answering(nothing_here)),
]
