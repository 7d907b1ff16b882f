"""The agreement, its history, and any version by its fingerprint."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from counterpoise.agreement import AgreementError, VersionsError
from counterpoise.web.access import user_of
from counterpoise.web.agreements import reading, shelf
from counterpoise.web.agreements.lapses import lapsing
from counterpoise.web.agreements.models import Draft, DraftState, Proposal, ProposalState
from counterpoise.web.agreements.rights import may_draft
from counterpoise.web.agreements.standing import rungs_of
from counterpoise.web.shell.viewing import viewer_side

A_PAGE = 25
"""Versions on one page of the history."""
_LATEST = 10
"""So many proposals and withdrawn drafts stand in the history; their own lists hold the rest."""


def read(request: HttpRequest) -> HttpResponse:
    """Show the agreement in force today, or what stands in for it."""
    shown: dict[str, Any] = {"tab": "read", "may_draft": may_draft(user_of(request))}
    try:
        known = shelf.versions()
    except (AgreementError, VersionsError) as error:
        return render(request, "agreements/broken.html", shown | {"trouble": str(error)})
    today = reading.today()
    version = known.on(today) or known.latest
    shown["open"] = Proposal.objects.filter(state=ProposalState.OPEN).select_related("proposed_by")
    if version is None:
        return render(request, "agreements/nothing.html", shown)
    shown |= _contract(request, shelf.of_version(version))
    shown["lapses"] = lapsing(known, today)
    return render(request, "agreements/read.html", shown)


def version(request: HttpRequest, fingerprint: str) -> HttpResponse:
    """Show a version by its fingerprint, or the first letters of it."""
    try:
        found = shelf.find(fingerprint)
    except shelf.NotOnShelfError as error:
        raise Http404(str(error)) from error
    shown = _contract(request, found) | {"tab": "history", "may_draft": may_draft(user_of(request))}
    return render(request, "agreements/version.html", shown)


def history(request: HttpRequest) -> HttpResponse:
    """Show every version, what is proposed, and what was withdrawn."""
    try:
        known, trouble = shelf.versions(), ""
    except (AgreementError, VersionsError) as error:
        known, trouble = None, str(error)
    standings = reading.history_of(known, reading.today()) if known else []
    pairs = [
        (each, standings[at + 1] if at + 1 < len(standings) else None)
        for at, each in enumerate(standings)
    ]
    withdrawn = Draft.objects.filter(state=DraftState.WITHDRAWN).select_related("made_by")
    shown = {
        "tab": "history",
        "trouble": trouble,
        "page": Paginator(pairs, A_PAGE).get_page(request.GET.get("page")),
        "proposals": Proposal.objects.select_related("proposed_by", "closed_by")[:_LATEST],
        "withdrawn": withdrawn[:_LATEST],
        "may_draft": may_draft(user_of(request)),
    }
    return render(request, "agreements/history.html", shown)


def _contract(request: HttpRequest, found: shelf.Shelved) -> dict[str, Any]:
    contract = reading.contract_of(found.agreement)
    return {
        "shelved": found,
        "agreement": found.agreement,
        "contract": contract,
        "parts": contract.parts,
        "viewer_side": viewer_side(request),
        "rungs": rungs_of(found.agreement),
        "standing": reading.standing_of(found.version, reading.today()) if found.version else None,
    }
