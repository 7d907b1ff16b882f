"""Pages of the way from audience to buyer: the funnel with its leads, credit with its deals."""

from __future__ import annotations

from collections.abc import Container

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from counterpoise.ledger.credit import OUTCOMES
from counterpoise.ledger.funnel import COLUMNS
from counterpoise.web.access import scope_of, user_of
from counterpoise.web.ledger import credit_page as credits_
from counterpoise.web.ledger import funnel_page as funnels
from counterpoise.web.ledger.credit_asking import NAMES, TOUCHES, Helped, credit_for
from counterpoise.web.ledger.funnel_asking import STATES, funnel
from counterpoise.web.ledger.lead_rows import leads_page
from counterpoise.web.ledger.narrowing import narrowed_to
from counterpoise.web.ledger.selection import Selection
from counterpoise.web.ledger.views import page_number, with_review
from counterpoise.web.ledger.you_helped_page import outcome_of, you_helped_page
from counterpoise.web.results.journeys import kept_funnel
from counterpoise.web.results.reading import KeptReview


@with_review
def funnel_home(request: HttpRequest, kept: KeptReview) -> HttpResponse:
    """Show the funnel of a selection of leads, by one grouping, and its cohorts."""
    by = _one(request, "by", funnels.BY_NAMES, "campaign")
    selection = _leads_selected(request)
    found = funnel(kept, selection, by, scope_of(user_of(request)))
    page = funnels.funnel_page(kept, found, selection, by) if found else None
    return render(request, "ledger/funnel.html", {"page": page, "kept": kept})


@with_review
def funnel_leads(request: HttpRequest, kept: KeptReview) -> HttpResponse:
    """Show the leads behind a figure of the funnel that open to the person."""
    selection, state = _leads_selected(request), _one(request, "state", STATES, "")
    if kept_funnel(kept) is None:
        return render(request, "ledger/funnel.html", {"page": None, "kept": kept})
    page = leads_page(kept, selection, state, page_number(request), scope_of(user_of(request)))
    shown = {"page": page, "kept": kept, "back": funnels.funnel_url(selection)}
    return render(request, "ledger/leads.html", shown)


@with_review
def credit_home(request: HttpRequest, kept: KeptReview) -> HttpResponse:
    """Show credit for the won deals of a selection by every rule."""
    by = _one(request, "by", credits_.BY_NAMES, "channel")
    shows = _one(request, "show", credits_.SHOWS, "value")
    selection = narrowed_to(Selection.read(request.GET), NAMES)
    found = credit_for(kept, selection)
    page = credits_.credit_page(kept, found, selection, by, shows) if found else None
    return render(request, "ledger/credit.html", {"page": page, "kept": kept})


@with_review
def credit_deals(request: HttpRequest, kept: KeptReview) -> HttpResponse:
    """Show the deals that a channel or campaign helped and that open to the person."""
    selection = narrowed_to(Selection.read(request.GET), NAMES)
    if credit_for(kept, Selection()) is None:
        return render(request, "ledger/credit.html", {"page": None, "kept": kept})
    key = request.GET.get("key", "").replace("\x00", "")[:200]
    helped = Helped(
        by=_one(request, "by", credits_.BY_NAMES, "") if key else "",
        key=key,
        outcome=_one(request, "outcome", OUTCOMES, ""),
        touch=_one(request, "touch", TOUCHES, ""),
    )
    scope = scope_of(user_of(request))
    page = credits_.helped_page(kept, selection, helped, page_number(request), scope)
    shown = {"page": page, "kept": kept, "back": credits_.credit_url(selection, by=helped.by)}
    return render(request, "ledger/helped.html", shown)


@with_review
def deals_you_helped(request: HttpRequest, kept: KeptReview) -> HttpResponse:
    """Show the deals of others that the person helped, whatever became of them."""
    outcome = outcome_of(request.GET)
    page = you_helped_page(kept, user_of(request), outcome, page_number(request))
    return render(request, "ledger/you_helped.html", {"page": page, "kept": kept})


def _leads_selected(request: HttpRequest) -> Selection:
    return narrowed_to(Selection.read(request.GET, ("month",)), tuple(COLUMNS))


def _one(request: HttpRequest, name: str, known: Container[str], usual: str) -> str:
    found = request.GET.get(name, "")
    return found if found in known else usual
