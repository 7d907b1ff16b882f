"""What is the same for every call: no session, no form token, entity tags, errors as problems."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
)
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from counterpoise.web.api.problems import Problem

View = Callable[..., HttpResponseBase]
_TAG_LETTERS = 32


def answering(view: View) -> View:
    """Return a view as the API answers it; tokens let calls in, so no session or form token."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        try:
            response = view(request, *args, **options)
        except Http404:
            response = nothing_here(request)
        if isinstance(response, HttpResponseNotAllowed):
            response = _not_allowed(response)
        return _with_tag(request, response)

    return answered


def nothing_here(request: HttpRequest) -> HttpResponse:
    """Say that the API has no such address."""
    says = "The API has no such address; openapi.json lists them all."
    return Problem(404, "not-there", says).response()


def _not_allowed(response: HttpResponse) -> HttpResponse:
    allowed = ", ".join(sorted(response.headers["Allow"].split(", ")))
    says = f"This address answers {allowed} alone."
    return Problem(405, "not-allowed", says, headers={"Allow": allowed}).response()


def _with_tag(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Tag what was read, and answer nothing new where the caller has it already."""
    response.headers.setdefault("Cache-Control", "private, no-cache")
    patch_vary_headers(response, ["Authorization"])
    if request.method != "GET" or response.status_code != 200:
        return response
    if not isinstance(response, HttpResponse):
        return response
    tag = f'"{hashlib.sha256(response.content).hexdigest()[:_TAG_LETTERS]}"'
    response.headers.setdefault("ETag", tag)
    tag = response.headers["ETag"]
    return get_conditional_response(request, etag=tag, response=response) or response
