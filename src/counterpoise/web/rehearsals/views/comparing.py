"""Rehearsals that are kept: the list, candidates side by side, and taking one away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from counterpoise.web.access import scope_of, user_of
from counterpoise.web.agreements.models import Draft, DraftState, Proposal, ProposalState
from counterpoise.web.agreements.rights import may_draft
from counterpoise.web.agreements.views.telling import act
from counterpoise.web.rehearsals import estimating, keeping
from counterpoise.web.rehearsals.comparison import comparison_of
from counterpoise.web.rehearsals.models import MOST_CANDIDATES, Candidate, Rehearsal
from counterpoise.web.rehearsals.rights import may_rehearse
from counterpoise.web.rehearsals.trial import behaviour_of, starts, trial_of
from counterpoise.web.rehearsals.views.trying import BEHAVIOURS
from counterpoise.web.results.reading import latest

A_PAGE = 25
"""Rehearsals on one page of their list."""

_MOST_NAMED = 50


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what is rehearsed, and what one could start from."""
    user = user_of(request)
    found = Rehearsal.objects.select_related("made_by").prefetch_related("candidates")
    shown = {
        "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "starts": starts(user),
        "kept": latest(),
        "may_rehearse": may_rehearse(user),
    }
    return render(request, "rehearsals/home.html", shown)


@require_safe
def rehearsal(request: HttpRequest, rehearsal_id: int) -> HttpResponse:
    """Show the candidates of a rehearsal side by side."""
    found = get_object_or_404(Rehearsal.objects.select_related("made_by"), pk=rehearsal_id)
    user, behaviour = user_of(request), behaviour_of(request.GET.get("behaviour", ""))
    compared = comparison_of(found, behaviour, latest(), scope_of(user))
    shown = {
        "rehearsal": found,
        "compared": compared,
        "behaviour": behaviour,
        "behaviours": BEHAVIOURS,
        "kept": latest(),
        "may_rehearse": may_rehearse(user),
        "may_draft": may_draft(user),
        "most": MOST_CANDIDATES,
        "targets": _targets(request),
    }
    return render(request, "rehearsals/rehearsal.html", shown)


@require_safe
def candidate(request: HttpRequest, rehearsal_id: int, number: int) -> HttpResponseBase:
    """Go to a candidate on the table of rates."""
    found = _candidate(rehearsal_id, number)
    return redirect(trial_of(found, behaviour_of(request.GET.get("behaviour", ""))).url)


def _of_rehearsal(rehearsal_id: int, **_: Any) -> str:
    return reverse("rehearsals:rehearsal", args=[rehearsal_id])


@act(_of_rehearsal)
def estimate_all(request: HttpRequest, rehearsal_id: int) -> HttpResponseBase:
    """Ask the worker for what every candidate would have done."""
    found = get_object_or_404(Rehearsal, pk=rehearsal_id)
    behaviour = behaviour_of(request.POST.get("behaviour", ""))
    kept = latest()
    if kept is None:
        raise keeping.RehearsalError("there is no review yet; import books first")
    for each in found.candidates.all():
        question = estimating.Question(each.rules, each.text, behaviour)
        estimating.ask(user_of(request), question, kept)
    return redirect(f"{_of_rehearsal(rehearsal_id)}?behaviour={behaviour.value}")


@act(_of_rehearsal)
def remove(request: HttpRequest, rehearsal_id: int, number: int) -> HttpResponseBase:
    """Take a candidate away."""
    found = _candidate(rehearsal_id, number)
    keeping.remove(user_of(request), found)
    messages.success(request, f"{found.name} is taken away.")
    return redirect(_of_rehearsal(rehearsal_id))


def _candidate(rehearsal_id: int, number: int) -> Candidate:
    known = Candidate.objects.select_related("rehearsal")
    return get_object_or_404(known, rehearsal_id=rehearsal_id, number=number)


def _targets(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what a candidate may be laid beside: open proposals, and drafts to who drafts."""
    proposals = Proposal.objects.filter(state=ProposalState.OPEN)[:_MOST_NAMED]
    found = [(f"proposal-{each.pk}", f"{each.title}, proposed") for each in proposals]
    if may_draft(user_of(request)):
        drafts = Draft.objects.filter(state=DraftState.OPEN)[:_MOST_NAMED]
        found += [(f"draft-{each.pk}", f"{each.title}, draft {each.pk}") for each in drafts]
    return found
