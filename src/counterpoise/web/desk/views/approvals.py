"""Approvals: what waits for a person, and their answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from counterpoise.desk import RequestError
from counterpoise.web.access import user_of
from counterpoise.web.desk.approvals import (
    AgreementChangedError,
    AlreadySettledError,
    NotYoursToAnswerError,
    Saying,
    answer,
    waiting_for,
)
from counterpoise.web.desk.forms import CommentForm, said
from counterpoise.web.desk.models import Request
from counterpoise.web.desk.question import Question, Tailoring, question_of
from counterpoise.web.desk.states import Said, State
from counterpoise.web.desk.stories import waiting_shown
from counterpoise.web.desk.views.requests import PAGE, opened, page_of

_SAYINGS = {"approve": Said.APPROVED, "refuse": Said.REFUSED, "counter": Said.COUNTERED}
_TERMS = ("rate", "net", "term_months", "payment")
_DONE = {
    State.APPROVED: "Approved.",
    State.REFUSED: "Refused. Who asked sees why.",
    State.COUNTERED: "Countered. Who asked can take it with one click; you have said yes to it.",
    State.OPEN: "Your yes is on record; another role has to say yes too.",
}


@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """List what waits for a person, what is due first at the top."""
    user, now = user_of(request), timezone.now()
    found = waiting_for(user, now).select_related("asker").prefetch_related("steps")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown = {"page": page, "rows": [waiting_shown(each, now) for each in page]}
    return render(request, "room_desk/approvals.html", shown)


@require_POST
def answer_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, refuse or counter a request."""
    user = user_of(request)
    found = opened(user, pk)
    form = CommentForm(request.POST)
    what = _SAYINGS.get(request.POST.get("say", ""))
    if what is None or not form.is_valid():
        problems = ["Choose to approve, refuse or counter."] if what is None else []
        problems += [str(text) for texts in form.errors.values() for text in texts]
        return _again(request, pk, problems, 400)
    counter = _counter(found, request.POST) if what is Said.COUNTERED else None
    try:
        done = answer(user, pk, Saying(what, form.cleaned_data["comment"], counter))
    except RequestError as error:
        return _again(request, pk, [said(each) for each in error.problems], 400)
    except NotYoursToAnswerError as error:
        return _again(request, pk, [str(error)], 403)
    except (AlreadySettledError, AgreementChangedError) as error:
        return _again(request, pk, [str(error)], 409)
    messages.success(request, _DONE[State(done.state)])
    return redirect("desk:request", pk=pk)


def _again(request: HttpRequest, pk: int, problems: list[str], status: int) -> HttpResponse:
    shown = page_of(request, pk, problems=problems, given=request.POST)
    return render(request, "room_desk/request.html", shown, status=status)


def _counter(request: Request, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the request with the terms that an approver would grant."""
    asked = question_of(request.written)
    terms = {name: str(given.get(name) or "").strip() for name in _TERMS}
    if terms["rate"] or terms["net"]:
        lines = tuple(replace(line, unit_net="") for line in asked.lines)
        asked = replace(asked, rate=terms["rate"], net=terms["net"], lines=lines)
    asked = replace(
        asked,
        term_months=terms["term_months"] or asked.term_months,
        payment=terms["payment"] or asked.payment,
        customizations=_tailored(asked, given),
    )
    return asked.written(request.asker_role, request.account_id or None)


def _tailored(asked: Question, given: Mapping[str, Any]) -> tuple[Tailoring, ...]:
    """Return what may be tailored: each kind for what is given, none where it is crossed out."""
    kept = []
    for at, each in enumerate(asked.customizations):
        if given.get(f"drop-{at}"):
            continue
        cost = str(given.get(f"cost-{at}") or "").strip()
        kept.append(replace(each, cost=cost or each.cost))
    return tuple(kept)
