"""The home page, and won revenue beside the CRM's own report."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from counterpoise.agreement import Agreements, Side
from counterpoise.books.lock import LockHeldError
from counterpoise.books.snapshot import current_snapshot
from counterpoise.errors import CounterpoiseError
from counterpoise.web import house
from counterpoise.web.access import scope_of, user_of
from counterpoise.web.balance.at_risk import AtRisk, at_risk
from counterpoise.web.balance.first_steps import first_steps
from counterpoise.web.balance.forms import RevenueForm
from counterpoise.web.balance.page import page_of
from counterpoise.web.balance.revenue import check_revenue, explanation, last_check
from counterpoise.web.balance.trade import trade_balance
from counterpoise.web.balance.visits import news_since, note_visit
from counterpoise.web.balance.waiting import deals_that_wait
from counterpoise.web.books_room.snapshots import snapshot
from counterpoise.web.cracks.mattering import matter_to
from counterpoise.web.people.models import User
from counterpoise.web.places import happenings_since, waiting_for
from counterpoise.web.results.reading import KeptReview, latest
from counterpoise.web.shell.viewing import viewer_side

_MOST_ITEMS = 8


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show how the balance stands, what waits for the person and what is new to them."""
    user = user_of(request)
    kept = latest()
    review = kept.object if kept else None
    agreements, trouble = _agreements()
    steps = first_steps(user, review, agreements) if _is_new_here(user, kept) else []
    since = news_since(user)
    waiting, happened = waiting_for(user), happenings_since(user, since)
    shown: dict[str, Any] = {
        "waiting": waiting[:_MOST_ITEMS],
        "waiting_more": max(len(waiting) - _MOST_ITEMS, 0),
        "happened": happened[:_MOST_ITEMS],
        "happened_more": max(len(happened) - _MOST_ITEMS, 0),
        "since": since,
        "kept": kept,
        "books": snapshot(house.workspace()),
        "trouble": trouble,
        "agreement_url": reverse("agreements:read"),
        "steps": [] if all(step.is_done for step in steps) else steps,
        "steps_done": sum(step.is_done for step in steps),
    }
    if kept is not None:
        viewer = Side(viewer_side(request))
        asked = request.GET.get("over", "")
        trade = trade_balance(kept)
        shown["page"] = page_of(kept.object, agreements, asked, viewer, trade)
        shown["risk"] = None if trade else _at_risk(kept, user)
        shown["cracks"] = matter_to(user, viewer, kept)
    return render(request, "balance/home.html", shown)


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Note that the person is here; by the button, that what happened is no longer news."""
    note_visit(user_of(request), all_is_seen=bool(request.POST.get("all")))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return redirect("balance:home")


@require_http_methods(["GET", "HEAD", "POST"])
def revenue(request: HttpRequest) -> HttpResponse:
    """Lay won revenue beside the figure that a person read off the CRM's report."""
    in_use = current_snapshot(house.workspace())
    if in_use is None:
        raise Http404
    form = RevenueForm(request.POST or None)
    if form.is_valid():
        check_revenue(user_of(request), in_use, form.cleaned_data["reported"])
        return redirect("balance:revenue")
    check = last_check(in_use)
    told = None
    is_busy = False
    if check is not None:
        try:
            told = explanation(in_use, check.reported)
        except LockHeldError:
            is_busy = True
    shown = {"form": form, "check": check, "told": told, "is_busy": is_busy}
    return render(request, "balance/revenue.html", shown, status=422 if form.errors else 200)


def _agreements() -> tuple[Agreements, str]:
    """Return every version, or none and what is wrong with the files that hold them."""
    try:
        return house.agreements(), ""
    except CounterpoiseError as error:
        return Agreements(), str(error)


def _is_new_here(user: User, kept: KeptReview | None) -> bool:
    """Tell whether the first steps are for a person: for all at first, then for who sets up."""
    return kept is None or user.is_administrator or user.side == Side.BOTH


def _at_risk(kept: KeptReview, user: User) -> AtRisk | None:
    """Return the deals at risk; None while too many questions wait."""
    try:
        return at_risk(kept, scope_of(user), deals_that_wait())
    except LockHeldError:
        return None
