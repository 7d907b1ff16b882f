"""One click: use a tool, say that it helped, take it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from counterpoise.web.access import NotForYouError, user_of
from counterpoise.web.tools import using
from counterpoise.web.tools.acts import acts_for
from counterpoise.web.tools.editing import ToolError
from counterpoise.web.tools.library import card_of
from counterpoise.web.tools.models import Use
from counterpoise.web.tools.rights import NoDealError, NotYoursError

_LARGEST_ID = 2**63 - 1


@require_POST
def use(request: HttpRequest) -> HttpResponse:
    """Say that a tool was used, and where it says so that it helped."""
    tool_id, deal_id = (request.POST.get(name, "").strip() for name in ("tool", "deal"))
    helps = request.POST.get("helped") == "1"
    try:
        using.use(user_of(request), tool_id, deal_id, helped=helps)
    except NotYoursError as error:
        raise NotForYouError(str(error)) from error
    except ToolError as error:
        raise Http404(str(error)) from error
    except NoDealError as error:
        messages.error(request, str(error))
        return redirect(_back(request, tool_id))
    return _done(request, tool_id, deal_id, "Noted: it helped." if helps else "Noted as used.")


@require_POST
def helped(request: HttpRequest, pk: int) -> HttpResponse:
    """Say of one's own use that the tool helped."""
    found = _own(request, pk)
    using.helped(user_of(request), pk)
    return _done(request, found.tool_id, found.deal_id, "Noted: it helped.")


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back one's own use of today."""
    found = _own(request, pk)
    is_done = using.take_back(user_of(request), pk)
    says = "Taken back." if is_done else "It was used on an earlier day, and stays."
    return _done(request, found.tool_id, found.deal_id, says)


def _own(request: HttpRequest, pk: int) -> Use:
    found = Use.objects.filter(pk=pk, user=user_of(request)).first() if pk <= _LARGEST_ID else None
    if found is None:
        raise Http404("no such use of yours")
    return found


def _done(request: HttpRequest, tool_id: str, deal_id: str, says: str) -> HttpResponse:
    """Show the buttons anew where a script asked for them alone, else go back to the page."""
    back = _back(request, tool_id)
    card = card_of(tool_id)
    if request.headers.get("HX-Request") and card is not None:
        (acts,) = acts_for(user_of(request), [card], deal_id, back)
        return render(request, "tools/_acts.html", {"acts": acts})
    messages.success(request, says)
    return redirect(back)


def _back(request: HttpRequest, tool_id: str) -> str:
    """Return where to go on: the page that was clicked on, if it is one of ours."""
    back = request.POST.get("back", "")
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return back
    if tool_id and "\x00" not in tool_id:
        return reverse("tools:tool", args=[tool_id])
    return reverse("tools:library")
