"""From which side a person looks: it changes emphasis and order of a page, never rights."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from counterpoise.agreement import Side

_KEY = "viewer_side"


class ViewedRequest(HttpRequest):
    """A request as views get it."""

    viewer_side: str


class ViewingMiddleware:
    """Set `request.viewer_side`: the person's own side, or the one that they chose to see."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, seen from a side."""
        request.viewer_side = viewer_side(request)  # type: ignore[attr-defined]
        return self._get_response(request)


def own_side(request: HttpRequest) -> str:
    """Return the side of who asks; nobody signed in has both."""
    return str(getattr(request.user, "side", Side.BOTH.value))


def viewpoints(request: HttpRequest) -> list[str]:
    """Return the sides from which a person may look, their own first."""
    own = own_side(request)
    return [own, *(side.value for side in (Side.SALES, Side.MARKETING) if side.value != own)]


def viewer_side(request: HttpRequest) -> str:
    """Return the side from which a request looks."""
    if not request.user.is_authenticated:
        return Side.BOTH.value
    chosen = request.session.get(_KEY)
    return chosen if chosen in viewpoints(request) else own_side(request)


def look_from(request: HttpRequest, side: str) -> None:
    """Look from a side until another is chosen; an unknown one is the person's own."""
    if side in viewpoints(request) and side != own_side(request):
        request.session[_KEY] = side
    else:
        request.session.pop(_KEY, None)
