"""The boards of both sides, one lead, and what became of the leads by team."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from counterpoise.agreement import Side
from counterpoise.web.access import scope_of, user_of
from counterpoise.web.handoffs import boards, in_books
from counterpoise.web.handoffs.answering import reasons_of
from counterpoise.web.handoffs.forms import (
    AssignForm,
    RecycleForm,
    RespondForm,
    VerdictForm,
)
from counterpoise.web.handoffs.models import Handoff
from counterpoise.web.handoffs.page import page_of
from counterpoise.web.handoffs.rights import may_pass, visible_to
from counterpoise.web.people.models import User

_DIGITS = 6


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show the board of a side: one's own, or the one asked for."""
    if request.GET.get("tab") == in_books.TAB:
        return render(request, "handoffs/books.html", _books_shown(request))
    return render(request, "handoffs/board.html", board_shown(request))


@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    """Show what became of the leads by team."""
    return render(request, "handoffs/teams.html", {"teams": boards.teams_of(timezone.now())})


@require_safe
def lead(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one lead."""
    return shown(request, opened(user_of(request), pk))


def board_shown(request: HttpRequest, **more: Any) -> dict[str, Any]:
    """Return what a board shows."""
    user, now = user_of(request), timezone.now()
    side = _side(request)
    found = visible_to(user)
    tabs = boards.tabs_of(found, side, now)
    tab = _tab(request, side, tabs)
    rows = boards.on_tab(found, tab, now).select_related("passed_by")
    page = Paginator(rows, boards.PAGE).get_page(request.GET.get("page"))
    is_judging = tab in {
        boards.Tab.NEW,
        boards.Tab.SOON,
        boards.Tab.OVERDUE,
        boards.Tab.ANSWERED,
    }
    return {
        "side": side.value,
        "sides": [Side.SALES.value, Side.MARKETING.value],
        "tabs": tabs,
        "tab": tab,
        "page": page,
        "lines": boards.lines_of(page, scope_of(user), now),
        "empty": boards.empty_text(tab),
        "may_pass": may_pass(user),
        "may_judge": is_judging and user.side != Side.MARKETING,
        "form": VerdictForm(),
        "reasons": reasons_of(),
        **more,
    }


def _books_shown(request: HttpRequest) -> dict[str, Any]:
    """Return what the part of a board shows that the books tell."""
    user, side, asked = user_of(request), _side(request), request.GET.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < _DIGITS else 1
    return {
        "side": side.value,
        "sides": [Side.SALES.value, Side.MARKETING.value],
        "tabs": boards.tabs_of(visible_to(user), side, timezone.now()),
        "board": in_books.book_board(scope_of(user), max(number, 1)),
    }


def opened(user: User, pk: int) -> Handoff:
    """Return a hand-off that opens to a person; another is not here, whether or not it exists."""
    found = visible_to(user).select_related("passed_by", "follows").filter(pk=pk).first()
    if found is None:
        raise Http404("no such lead, or none that opens")
    return found


def shown(request: HttpRequest, handoff: Handoff, status: int = 200, **forms: Any) -> HttpResponse:
    """Show a lead, with forms that were sent and are wrong."""
    page = page_of(handoff, user_of(request), timezone.now())
    told: dict[str, Any] = {"page": page}
    if page.may_respond:
        told["respond_form"] = RespondForm(auto_id="respond-%s")
    if page.may_judge:
        told["verdict_form"] = VerdictForm(handoff=handoff)
    if page.takers:
        told["assign_form"] = AssignForm(page.takers)
    if page.may_recycle:
        told["recycle_form"] = RecycleForm(auto_id="recycle-%s")
    return render(request, "handoffs/lead.html", told | forms, status=status)


def _side(request: HttpRequest) -> Side:
    """Return whose board is meant; who is above both begins with that of sales."""
    asked = request.GET.get("board", "") or getattr(request, "viewer_side", "")
    return Side.MARKETING if asked == Side.MARKETING else Side.SALES


def _tab(request: HttpRequest, side: Side, tabs: list[boards.TabShown]) -> boards.Tab:
    """Return the tab asked for, else the first that holds something, the most pressing first."""
    asked = request.GET.get("tab", "")
    known = boards.TABS[side]
    if asked in {tab.value for tab in known}:
        return boards.Tab(asked)
    urgent = (boards.Tab.OVERDUE, boards.Tab.SOON, *known)
    counts = {each.tab: each.count for each in tabs}
    return next((tab for tab in urgent if counts.get(tab)), known[0])
