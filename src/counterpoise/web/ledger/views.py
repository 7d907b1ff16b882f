"""Pages of the ledger: the whole, its deals, one deal's story, and files of every table."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from counterpoise.books.lock import LockHeldError
from counterpoise.web.access import scope_of, user_of
from counterpoise.web.ledger import files
from counterpoise.web.ledger.asking import attributes_of
from counterpoise.web.ledger.crossing import MEASURES
from counterpoise.web.ledger.deals import LAST_PAGE, ORDERS, deals_page
from counterpoise.web.ledger.exports import Format, file_of
from counterpoise.web.ledger.journey_files import journey_sheet
from counterpoise.web.ledger.page import page_of
from counterpoise.web.ledger.reading import asked_of
from counterpoise.web.ledger.selection import Selection
from counterpoise.web.ledger.sheets import Sheet
from counterpoise.web.ledger.telling import tell
from counterpoise.web.ledger.you_helped_page import you_helped_sheet
from counterpoise.web.places import offered
from counterpoise.web.results.reading import KeptReview, latest
from counterpoise.web.results.trade import is_trade_alone

_BUSY = 503
_RETRY_SECONDS = "3"

View = Callable[..., HttpResponseBase]


def with_review(view: View) -> View:
    """Give a view the kept review, or say that there is none yet, or that many are asking."""

    @require_safe
    @wraps(view)
    def given(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        kept = latest()
        if kept is None:
            return render(request, "ledger/empty.html")
        try:
            return view(request, kept, *args, **options)
        except LockHeldError:
            busy = render(request, "ledger/busy.html", status=_BUSY)
            busy.headers["Retry-After"] = _RETRY_SECONDS
            return busy

    return given


@with_review
def home(request: HttpRequest, kept: KeptReview) -> HttpResponse:
    """Show the ledger of a selection, by one grouping or two crossed.

    Where the books hold no deals but a trade, that is the ledger.
    """
    if is_trade_alone(kept):
        return redirect("trade:home")
    page = page_of(kept, asked_of(request.GET, kept), scope_of(user_of(request)))
    return render(request, "ledger/home.html", {"page": page, "kept": kept, "measures": MEASURES})


@with_review
def deals(request: HttpRequest, kept: KeptReview) -> HttpResponse:
    """Show the deals of a selection that open to the person."""
    selection = Selection.read(request.GET, attributes_of(kept))
    order = request.GET.get("order", "-day")
    order = order if order.removeprefix("-") in ORDERS else "-day"
    page = deals_page(kept, selection, order, page_number(request), scope_of(user_of(request)))
    shown = {"page": page, "selection": selection, "kept": kept, "order": order}
    return render(request, "ledger/deals.html", shown | files.of_deals(selection))


@require_safe
def deal(request: HttpRequest, deal_id: str) -> HttpResponse:
    """Tell a deal's whole story to whom it opens."""
    found = tell(user_of(request), deal_id, latest())
    if found is None:
        raise Http404("no such deal, or none that opens")
    objection = request.GET.get("objection", "").replace("\x00", "")[:200]
    parts = (
        beside(user_of(request), deal_id, found.judged, request.path, objection)
        for beside in offered("beside", "beside_deal")
    )
    beside = [part for part in parts if part is not None]
    shown = {"told": found, "story": found.story, "beside": beside}
    return render(request, "ledger/deal.html", shown)


@with_review
def table_file(request: HttpRequest, kept: KeptReview, name: str, form: str) -> HttpResponseBase:
    """Send a table of the ledger as a file."""
    if sheet := _sheet(request, kept, name):
        told = f"ledger-{name}-{kept.as_of}"
        return file_of(told, sheet.schema, sheet.batches(), Format(form))
    asked = asked_of(request.GET, kept, accounts=name == "deals")
    found = files.file_for(kept, name, asked, scope_of(user_of(request)), Format(form))
    if found is None:
        raise Http404("no such table")
    return found


def _sheet(request: HttpRequest, kept: KeptReview, name: str) -> Sheet | None:
    user = user_of(request)
    if name == "you_helped":
        return you_helped_sheet(kept, user, request.GET)
    return journey_sheet(kept, name, request.GET, scope_of(user))


def page_number(request: HttpRequest) -> int:
    """Return which page of rows an address asks for."""
    text = request.GET.get("page", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return min(max(number, 1), LAST_PAGE)
