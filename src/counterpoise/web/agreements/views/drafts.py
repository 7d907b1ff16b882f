"""Drafts: the list, one draft with what is wrong with it, and starting one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from counterpoise.agreement import write_agreement
from counterpoise.web import house
from counterpoise.web.access import user_of
from counterpoise.web.agreements import drafting, drafts, reading, shelf
from counterpoise.web.agreements.checking import Check, check
from counterpoise.web.agreements.file import may_write, write_file
from counterpoise.web.agreements.forms.sections import SECTIONS, Section
from counterpoise.web.agreements.models import Draft, DraftState, Origin, Revision
from counterpoise.web.agreements.rights import must_draft
from counterpoise.web.agreements.views.telling import act
from counterpoise.web.people.models import User
from counterpoise.web.places import offered
from counterpoise.web.shell.viewing import viewer_side

A_PAGE = 25
"""Drafts, or versions, on one page of their list."""
_REVISIONS = 50


def draft_list(request: HttpRequest) -> HttpResponseBase:
    """Show the drafts that are worked on, or were withdrawn, and what one could start from."""
    must_draft(user_of(request))
    is_withdrawn = request.GET.get("state") == DraftState.WITHDRAWN
    state = DraftState.WITHDRAWN if is_withdrawn else DraftState.OPEN
    found = Draft.objects.filter(state=state).select_related("made_by")
    shown = {
        "tab": "drafts",
        "may_draft": True,
        "state": state,
        "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "has_file": drafting.new_file_text() is not None,
        "has_books": drafting.has_books(),
        "job": drafting.active(),
    }
    return render(request, "agreements/drafts.html", shown)


def draft(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show a draft: as a contract where it can be one, with what is wrong and its revisions."""
    must_draft(user_of(request))
    found = get_object_or_404(Draft.objects.select_related("made_by"), pk=pk)
    revision = drafts.latest(found)
    checked = check(revision.text)
    revisions = found.revisions.select_related("made_by").defer("text")
    shown = _about(found, revision, checked) | {
        "sections": list(_section_links(checked)),
        "page": Paginator(revisions, _REVISIONS).get_page(request.GET.get("page")),
        "proposals": found.proposals.select_related("proposed_by"),
        "contract": reading.contract_of(checked.agreement) if checked.agreement else None,
        "viewer_side": viewer_side(request),
        "may_write_file": may_write(user_of(request)),
        "beside": _beside(user_of(request), found, revision, checked),
    }
    return render(request, "agreements/draft.html", shown)


def revision(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """Show what a draft said once."""
    must_draft(user_of(request))
    found = get_object_or_404(Draft, pk=pk)
    once = get_object_or_404(found.revisions.select_related("made_by"), number=number)
    shown = {"draft": found, "revision": once, "is_latest": number == found.revision}
    return render(request, "agreements/revision.html", shown)


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send a draft's latest text as a file."""
    must_draft(user_of(request))
    text = drafts.latest(get_object_or_404(Draft, pk=pk)).text
    disposed = {"Content-Disposition": 'attachment; filename="agreement.yaml"'}
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=disposed)


def _drafts() -> str:
    return reverse("agreements:drafts")


def _of_draft(pk: int, **_: Any) -> str:
    return reverse("agreements:draft", args=[pk])


@act(_drafts)
def from_file(request: HttpRequest) -> HttpResponseBase:
    """Take the workspace's `agreement.yaml` in as a draft."""
    text = drafting.new_file_text()
    if text is None:
        raise drafts.DraftError(f"{house.workspace().agreement_file.name} is taken in already")
    made = drafts.start(user_of(request), text, Origin.WORKSPACE)
    return redirect("agreements:draft", pk=made.pk)


@act(lambda: reverse("agreements:history"))
def from_version(request: HttpRequest) -> HttpResponseBase:
    """Start a draft from a version."""
    user = user_of(request)
    must_draft(user)
    found = shelf.find(request.POST.get("version", ""), with_drafts=True)
    text = write_agreement(found.agreement.model_copy(update={"signed": ()}))
    made = drafts.start(user, text, Origin.VERSION, found.fingerprint)
    return redirect("agreements:draft", pk=made.pk)


@act(_drafts)
def from_books(request: HttpRequest) -> HttpResponseBase:
    """Have a draft proposed by the books; the worker writes it."""
    drafting.ask(user_of(request))
    messages.success(request, "A draft is being written from the books. It appears here.")
    return redirect("agreements:drafts")


@act(_of_draft)
def bring_back(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """Store what a draft said once as its next revision."""
    found = get_object_or_404(Draft, pk=pk)
    once = get_object_or_404(Revision, draft=found, number=number)
    drafts.store(
        user_of(request), found, found.revision, once.text, f"brought back revision {number}"
    )
    messages.success(request, f"Revision {number} is back.")
    return redirect("agreements:draft", pk=pk)


@act(_of_draft)
def use(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Write a draft into the workspace's `agreement.yaml`."""
    must_draft(user_of(request))
    write_file(user_of(request), get_object_or_404(Draft, pk=pk))
    messages.success(request, "agreement.yaml holds this draft now.")
    return redirect("agreements:draft", pk=pk)


@act(_of_draft)
def withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Withdraw a draft."""
    drafts.withdraw(user_of(request), get_object_or_404(Draft, pk=pk))
    messages.success(request, "Withdrawn. It stays readable in the history.")
    return redirect("agreements:drafts")


@act(_of_draft)
def take_up(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take a withdrawn draft up again."""
    drafts.take_up(user_of(request), get_object_or_404(Draft, pk=pk))
    return redirect("agreements:draft", pk=pk)


def _beside(user: User, found: Draft, revision: Revision, checked: Check) -> list[object]:
    """Return what other features lay beside a draft that can be an agreement."""
    if checked.agreement is None:
        return []
    ref = f"draft-{found.pk}.{revision.number}"
    parts = offered("beside", "beside_draft")
    return [part(user, found, checked.agreement, ref) for part in parts]


def _about(found: Draft, revision: Revision, checked: Check) -> dict[str, Any]:
    return {
        "tab": "drafts",
        "may_draft": True,
        "draft": found,
        "revision": revision,
        "check": checked,
        "agreement": checked.agreement,
    }


@dataclass(frozen=True)
class SectionLink:
    """A section of the forms with how many problems and warnings stand in it."""

    section: Section
    problems: int
    warnings: int


def _section_links(checked: Check) -> list[SectionLink]:
    links = []
    for section in SECTIONS.values():
        places = [section.path] if section.path else [column.key for column in section.columns]
        here = [
            each
            for each in checked.findings
            if any(f"{each.clause}.".startswith(f"{place}.") for place in places)
            or any(each.clause.startswith(f"{place}[") for place in places)
        ]
        problems = sum(each.is_problem for each in here)
        links.append(SectionLink(section, problems, len(here) - problems))
    return links
