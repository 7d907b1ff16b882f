"""Pages of the frame itself."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from counterpoise.web.access import administrators
from counterpoise.web.shell.bundle import fingerprint, packed_bundle
from counterpoise.web.shell.styleguide import shown
from counterpoise.web.shell.viewing import look_from

_FOR_EVER = "public, max-age=31536000, immutable"


@login_not_required
@require_GET
def charts(request: HttpRequest, asked: str) -> HttpResponse:  # noqa: ARG001
    """Send the program that draws charts; browsers keep it for ever."""
    if asked != fingerprint():
        raise Http404
    headers = {"Content-Encoding": "gzip", "Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
    return HttpResponse(packed_bundle(), content_type="text/javascript", headers=headers)


@require_GET
@administrators
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component in every state."""
    return render(request, "shell/styleguide.html", shown())


@require_POST
def view_from(request: HttpRequest) -> HttpResponse:
    """Look at the room from a side, and go back to the page that asked."""
    look_from(request, request.POST.get("side", ""))
    back = request.POST.get("next", "/")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()})
    return redirect(back if is_ours else "/")
