"""Lay a candidate beside what will be signed, take it off again, and make it a draft."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from counterpoise.web.access import user_of
from counterpoise.web.agreements.models import Draft, Proposal
from counterpoise.web.agreements.rights import must_draft
from counterpoise.web.agreements.views.telling import act
from counterpoise.web.rehearsals import keeping
from counterpoise.web.rehearsals.models import Attachment, Candidate
from counterpoise.web.rehearsals.trial import behaviour_of

_TARGET = re.compile(r"(draft|proposal)-(\d{1,18})", re.ASCII)


def _of_rehearsal(rehearsal_id: int, **_: Any) -> str:
    return reverse("rehearsals:rehearsal", args=[rehearsal_id])


@act(_of_rehearsal)
def make_draft(request: HttpRequest, rehearsal_id: int, number: int) -> HttpResponseBase:
    """Start a draft from a candidate, with the rehearsal attached."""
    found = _candidate(rehearsal_id, number)
    behaviour = behaviour_of(request.POST.get("behaviour", ""))
    made = keeping.make_draft(user_of(request), found, behaviour)
    messages.success(
        request,
        "A draft with these rates, which starts tomorrow at the earliest. Give it a title and its "
        "days, then propose it.",
    )
    return redirect("agreements:draft", pk=made.pk)


@act(_of_rehearsal)
def attach(request: HttpRequest, rehearsal_id: int, number: int) -> HttpResponseBase:
    """Lay a candidate beside a draft or a proposal."""
    found = _candidate(rehearsal_id, number)
    to = _target(request)
    keeping.attach(user_of(request), found, to, behaviour_of(request.POST.get("behaviour", "")))
    messages.success(request, f"Signers of {to.title} see this rehearsal now.")
    return redirect(_page_of(to))


@act(lambda **_: reverse("rehearsals:home"))
def detach(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    """Take a candidate off what it was laid beside."""
    found = get_object_or_404(
        Attachment.objects.select_related("draft", "proposal"), pk=attachment_id
    )
    to = found.draft or found.proposal
    keeping.detach(user_of(request), found)
    messages.success(request, "Taken off.")
    return redirect(_page_of(to))


def _candidate(rehearsal_id: int, number: int) -> Candidate:
    known = Candidate.objects.select_related("rehearsal")
    return get_object_or_404(known, rehearsal_id=rehearsal_id, number=number)


def _target(request: HttpRequest) -> Draft | Proposal:
    found = _TARGET.fullmatch(request.POST.get("to", ""))
    if found is None:
        raise keeping.RehearsalError("name the draft or the proposal to lay it beside")
    if found[1] == "draft":
        must_draft(user_of(request))
        return get_object_or_404(Draft, pk=int(found[2]))
    return get_object_or_404(Proposal, pk=int(found[2]))


def _page_of(to: Draft | Proposal | None) -> str:
    if isinstance(to, Draft):
        return reverse("agreements:draft", args=[to.pk])
    return reverse("agreements:proposal", args=[to.pk]) if to else reverse("rehearsals:home")
