"""Pages of fit, contra-effects and power, and the rows behind them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from counterpoise.web.access import scope_of, user_of
from counterpoise.web.ledger.behind import LAST_PAGE, behind_page
from counterpoise.web.ledger.fit_page import fit_page
from counterpoise.web.ledger.power_page import power_page
from counterpoise.web.ledger.together_page import effects_of
from counterpoise.web.ledger.views import with_review
from counterpoise.web.results.reading import KeptReview
from counterpoise.web.results.scores import kept_fit, kept_power, kept_together


@with_review
def fit(request: HttpRequest, kept: KeptReview) -> HttpResponse:
    """Show who is reached, pursued, sold and stays, and how deals go inside and outside."""
    told = kept_fit(kept)
    shown = {"page": fit_page(told) if told else None, "kept": kept}
    return render(request, "ledger/fit.html", shown)


@with_review
def together(request: HttpRequest, kept: KeptReview) -> HttpResponse:
    """Show what one side's work goes with on the other's."""
    told = kept_together(kept)
    shown = {"effects": effects_of(told) if told else None, "kept": kept}
    return render(request, "ledger/together.html", shown)


@with_review
def power(request: HttpRequest, kept: KeptReview) -> HttpResponse:
    """Show who decided, by what right, and who waited for whom."""
    told = kept_power(kept)
    shown = {"page": power_page(told) if told else None, "kept": kept}
    return render(request, "ledger/power.html", shown)


@with_review
def behind(request: HttpRequest, kept: KeptReview, name: str) -> HttpResponse:
    """Show the rows behind a figure that open to the person."""
    number = _number(request.GET.get("page", ""))
    page = behind_page(kept, name, request.GET, number, scope_of(user_of(request)))
    if page is None:
        raise Http404("no such rows")
    return render(request, "ledger/behind.html", {"page": page, "kept": kept})


def _number(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return min(max(number, 1), LAST_PAGE)
