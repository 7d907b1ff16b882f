"""Answering leads: first response, verdict, verdicts in bulk, giving to another, linking a deal."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from counterpoise.web.access import NotForYouError, user_of
from counterpoise.web.handoffs import answering
from counterpoise.web.handoffs.forms import AssignForm, RespondForm, VerdictForm
from counterpoise.web.handoffs.linking import LinkError, link
from counterpoise.web.handoffs.models import Handoff
from counterpoise.web.handoffs.page import page_of
from counterpoise.web.handoffs.rights import NotYoursError, may_answer, may_assign
from counterpoise.web.handoffs.states import LeadEvent
from counterpoise.web.handoffs.views.boards import board_shown, opened, shown
from counterpoise.web.people.models import User

_REFUSED = 422
_CONFLICT = 409
_LARGEST_ID = 2**63 - 1


@require_POST
def respond_to(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the first response."""
    user, form = user_of(request), RespondForm(request.POST, auto_id="respond-%s")
    found = _answerable(user, pk)
    if not form.is_valid():
        return shown(request, found, _REFUSED, respond_form=form)
    try:
        answering.respond(user, pk, form.cleaned_data["comment"], form.moment())
    except NotYoursError as error:
        raise NotForYouError(str(error)) from error
    except answering.AnswerError as error:
        form.add_error(None, str(error))
        return shown(request, found, _REFUSED, respond_form=form)
    except answering.AnsweredError as error:
        messages.error(request, str(error))
        return shown(request, opened(user, pk), _CONFLICT)
    messages.success(request, "Your response is on record; the verdict is next.")
    return redirect("handoffs:lead", pk=pk)


@require_POST
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept a lead or reject it."""
    user = user_of(request)
    found = _answerable(user, pk)
    form = VerdictForm(request.POST, found, asks="insists" in request.POST)
    if not form.is_valid():
        return shown(request, found, _REFUSED, verdict_form=form)
    try:
        done = answering.judge(user, pk, form.said())
    except NotYoursError as error:
        raise NotForYouError(str(error)) from error
    except answering.PersonaError as error:
        asking = VerdictForm(request.POST, found, asks=True)
        asking.is_valid()
        return shown(request, found, _REFUSED, verdict_form=asking, persona=error)
    except answering.AnswerError as error:
        form.add_error(None, str(error))
        return shown(request, found, _REFUSED, verdict_form=form)
    except answering.AnsweredError as error:
        messages.error(request, str(error))
        return shown(request, opened(user, pk), _CONFLICT)
    messages.success(request, _SAID[LeadEvent(done.state)])
    return redirect("handoffs:lead", pk=pk)


@require_POST
def verdicts(request: HttpRequest) -> HttpResponse:
    """Judge several leads alike."""
    user, form = user_of(request), VerdictForm(request.POST)
    ids = [
        int(each)
        for each in request.POST.getlist("lead")
        if each.isascii() and each.isdigit() and int(each) <= _LARGEST_ID
    ]
    if not form.is_valid():
        said = [str(text) for texts in form.errors.values() for text in texts]
        return _board(request, said)
    try:
        judged = answering.judge_all(user, ids, form.said())
    except answering.AnswerError as error:
        return _board(request, [str(error)])
    for each in judged.said:
        messages.error(request, each)
    if judged.done:
        count = len(judged.done)
        leads = "1 lead" if count == 1 else f"{count} leads"
        messages.success(request, f"{leads}: {judged.done[0].state}.")
    return redirect("handoffs:board")


@require_POST
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a lead to another."""
    user = user_of(request)
    found = opened(user, pk)
    if not may_assign(user, found):
        raise NotForYouError("Who leads the team, or is asked above it, gives leads to others.")
    form = AssignForm(page_of(found, user, timezone.now()).takers, request.POST)
    if not form.is_valid():
        return shown(request, found, _REFUSED, assign_form=form)
    try:
        answering.assign(user, pk, form.cleaned_data["person"])
    except NotYoursError as error:
        raise NotForYouError(str(error)) from error
    except answering.AnswerError as error:
        form.add_error(None, str(error))
        return shown(request, found, _REFUSED, assign_form=form)
    messages.success(request, "Given on; the clocks run on.")
    return redirect("handoffs:lead", pk=pk)


@require_POST
def link_deal(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a suggested deal came of a lead."""
    user = user_of(request)
    found = _answerable(user, pk)
    try:
        link(user, found, request.POST.get("deal", ""))
    except LinkError as error:
        messages.error(request, str(error))
    return redirect("handoffs:lead", pk=pk)


def _answerable(user: User, pk: int) -> Handoff:
    """Return a lead that is a person's to answer."""
    found = opened(user, pk)
    if not may_answer(user, found):
        raise NotForYouError("Who has a lead answers it, or who leads them.")
    return found


def _board(request: HttpRequest, problems: list[str]) -> HttpResponse:
    told = board_shown(request, problems=problems)
    return render(request, "handoffs/board.html", told, status=_REFUSED)


_SAID = {
    LeadEvent.ACCEPTED: "Accepted. It is linked to its deal once that is in the books.",
    LeadEvent.REJECTED: "Rejected. Marketing reads why.",
}
