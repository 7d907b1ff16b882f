"""The home page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from counterpoise.agreement import Side
from counterpoise.web import house
from counterpoise.web.access import user_of
from counterpoise.web.balance.kept import latest
from counterpoise.web.balance.page import page_of
from counterpoise.web.balance.visits import news_since, note_visit
from counterpoise.web.places import happenings_since, waiting_for
from counterpoise.web.shell.viewing import viewer_side

_MOST_ITEMS = 8


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show how the balance stands, what waits for the person and what is new to them."""
    user = user_of(request)
    kept = latest()
    since = news_since(user)
    waiting, happened = waiting_for(user), happenings_since(user, since)
    shown = {
        "waiting": waiting[:_MOST_ITEMS],
        "waiting_more": max(len(waiting) - _MOST_ITEMS, 0),
        "happened": happened[:_MOST_ITEMS],
        "happened_more": max(len(happened) - _MOST_ITEMS, 0),
        "since": since,
        "kept": kept,
    }
    if kept is not None:
        viewer = Side(viewer_side(request))
        asked = request.GET.get("over", "")
        shown["page"] = page_of(kept.object, house.agreements(), asked, viewer)
    return render(request, "balance/home.html", shown)


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Note that the person is here; by the button, that what happened is no longer news."""
    note_visit(user_of(request), all_is_seen=bool(request.POST.get("all")))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return redirect("balance:home")
