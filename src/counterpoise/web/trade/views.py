"""Pages of the trade: the overview, promotions, brands, accounts, and files of every table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render

from counterpoise.web.access import user_of
from counterpoise.web.ledger.exports import Format, file_of
from counterpoise.web.ledger.views import page_number, with_review
from counterpoise.web.results.reading import KeptReview
from counterpoise.web.trade.cracks_about import ACCOUNT as ACCOUNT_SUBJECT
from counterpoise.web.trade.cracks_about import BRAND as BRAND_SUBJECT
from counterpoise.web.trade.cracks_about import PROMOTION, cracks_about
from counterpoise.web.trade.facts import facts_of, steps_of, volume_lines
from counterpoise.web.trade.group_page import ACCOUNT, BRAND, group_page, group_rows, price_answer
from counterpoise.web.trade.listing import file_urls, list_page
from counterpoise.web.trade.promotion_page import promotion_page
from counterpoise.web.trade.reach import TradeReach, reach_of
from counterpoise.web.trade.reading import (
    ORDERS,
    RESULTS,
    Which,
    group_of,
    promoted_of,
    promotion_of,
    shelf_of,
)
from counterpoise.web.trade.sheets import promotions_table, trade_sheet

_LONGEST = 200


@with_review
def home(request: HttpRequest, kept: KeptReview) -> HttpResponse:
    """Show brands and accounts beside each other."""
    shelf = shelf_of(kept)
    page: dict[str, Any] = {"kept": kept, "shelf": shelf}
    if shelf:
        whole = shelf["whole"]
        page |= {
            "facts": facts_of(whole),
            "steps": steps_of(whole),
            "volume": volume_lines(whole["volume"]),
            "price": price_answer(whole["elasticity"]),
            "brands": group_rows(shelf["brands"], BRAND),
            "accounts": group_rows(shelf["accounts"], ACCOUNT),
            "brand_files": file_urls("brands"),
            "account_files": file_urls("accounts"),
            "promoted": promoted_of(kept),
        }
    return render(request, "trade/home.html", page)


@with_review
def promotions(request: HttpRequest, kept: KeptReview) -> HttpResponse:
    """Show the promotions that open to the person."""
    promoted = promoted_of(kept)
    if promoted is None:
        return render(request, "trade/promotions.html", {"page": None, "kept": kept})
    which = which_of(request.GET, page_number(request))
    page = list_page(kept, which, reach_of(user_of(request), kept))
    shown = {"page": page, "kept": kept, "promoted": promoted}
    return render(request, "trade/promotions.html", shown)


@with_review
def promotion(request: HttpRequest, kept: KeptReview, promotion_id: str) -> HttpResponse:
    """Show a promotion to whom it opens."""
    found = promotion_of(kept, promotion_id, _reach(request, kept))
    if found is None:
        raise Http404("no such promotion, or none that opens")
    page = promotion_page(kept, found)
    cracks = cracks_about(user_of(request), PROMOTION, promotion_id)
    return render(request, "trade/promotion.html", {"page": page, "kept": kept, "cracks": cracks})


@with_review
def brand(request: HttpRequest, kept: KeptReview, key: str = "") -> HttpResponse:
    """Show a brand."""
    return _group(request, kept, (BRAND, key))


@with_review
def account(request: HttpRequest, kept: KeptReview, key: str) -> HttpResponse:
    """Show a retail account."""
    return _group(request, kept, (ACCOUNT, key))


def _group(request: HttpRequest, kept: KeptReview, named: tuple[str, str]) -> HttpResponse:
    shelf, told = shelf_of(kept), group_of(kept, *named)
    if shelf is None or told is None:
        raise Http404("nothing of that name was sold")
    page = group_page(kept, shelf["whole"], told, named, _reach(request, kept))
    subject = {BRAND: BRAND_SUBJECT, ACCOUNT: ACCOUNT_SUBJECT}[named[0]]
    cracks = cracks_about(user_of(request), subject, named[1])
    return render(request, "trade/group.html", {"page": page, "kept": kept, "cracks": cracks})


@with_review
def table_file(request: HttpRequest, kept: KeptReview, name: str, form: str) -> HttpResponseBase:
    """Send a table as a file."""
    told, reach = f"trade-{name.replace('_', '-')}-{kept.as_of}", _reach(request, kept)
    if name == "promotions":
        table = promotions_table(kept, which_of(request.GET), reach)
        if table is not None:
            return file_of(told, table.schema, table.to_batches(), Format(form))
    asked = {each: _text(request.GET, each) for each in ("key", "promotion")}
    sheet = trade_sheet(kept, name, asked, reach)
    if sheet is None:
        raise Http404("no such table")
    return file_of(told, sheet.schema, sheet.batches(), Format(form))


def which_of(asked: QueryDict, number: int = 1) -> Which:
    """Read which promotions an address means."""
    result, order = _text(asked, "result"), _text(asked, "order")
    return Which(
        brand=_text(asked, "brand"),
        account=_text(asked, "account"),
        result=result if result in RESULTS else "",
        order=order if order.removeprefix("-") in ORDERS else "-starts_on",
        number=number,
    )


def _text(asked: Mapping[str, str], name: str) -> str:
    return asked.get(name, "").replace("\x00", "")[:_LONGEST]


def _reach(request: HttpRequest, kept: KeptReview) -> TradeReach:
    return reach_of(user_of(request), kept)
