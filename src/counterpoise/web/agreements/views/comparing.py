"""Compare two versions: what changed by meaning, and which past deals would change verdict."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from counterpoise.agreement import AgreementError, VersionsError
from counterpoise.errors import CounterpoiseError
from counterpoise.web.access import scope_of, user_of
from counterpoise.web.agreements import comparing, drafting, shelf
from counterpoise.web.agreements.models import (
    ComparisonState,
    Draft,
    DraftState,
    Proposal,
    ProposalState,
    Wording,
)
from counterpoise.web.agreements.rights import may_draft
from counterpoise.web.agreements.views.telling import act, refused

_MOST_NAMED = 50


def compare(request: HttpRequest) -> HttpResponseBase:
    """Compare the two versions that the address names."""
    user = user_of(request)
    choices = _choices(request)
    old_ref = request.GET.get("old") or _former(choices, request.GET.get("new", ""))
    new_ref = request.GET.get("new") or (choices[0][0] if choices else "")
    shown: dict[str, Any] = {
        "tab": "compare",
        "may_draft": may_draft(user),
        "choices": choices,
        "old_ref": old_ref,
        "new_ref": new_ref,
    }
    if old_ref and new_ref:
        try:
            old, new = (shelf.find(ref, with_drafts=may_draft(user)) for ref in (old_ref, new_ref))
        except CounterpoiseError as error:
            refused(request, error)
            return render(request, "agreements/compare.html", shown, status=404)
        shown |= {"old": old, "new": new, "parts": comparing.changes_of(old, new)}
        shown |= _past(request, old, new)
    return render(request, "agreements/compare.html", shown)


def _back(*_: Any, **__: Any) -> str:
    return reverse("agreements:compare")


@act(_back)
def ask(request: HttpRequest) -> HttpResponseBase:
    """Ask for past deals to be judged by both."""
    user = user_of(request)
    refs = [request.POST.get(name, "") for name in ("old", "new")]
    old, new = (shelf.find(ref, with_drafts=may_draft(user)) for ref in refs)
    comparing.ask(user, old, new)
    query = urlencode({"old": request.POST["old"], "new": request.POST["new"]})
    return redirect(f"{_back()}?{query}#past")


def _past(request: HttpRequest, old: shelf.Shelved, new: shelf.Shelved) -> dict[str, Any]:
    found = comparing.kept(old, new)
    shown: dict[str, Any] = {"comparison": found, "has_books": drafting.has_books()}
    if found is None or found.state != ComparisonState.DONE:
        return shown
    was, now = request.GET.get("was", ""), request.GET.get("now", "")
    move = (was, now) if was and now else None
    return shown | {
        "past": comparing.past_of(found),
        "deals": comparing.deals_of(found, scope_of(user_of(request)), move),
        "move": move,
    }


def _choices(request: HttpRequest) -> list[tuple[str, str]]:
    """Return every version that can be compared, the latest first, with how it is called."""
    choices: list[tuple[str, str]] = []
    open_ones = Proposal.objects.filter(state=ProposalState.OPEN)
    for proposal in open_ones[:_MOST_NAMED]:
        found = Wording.objects.get(proposal=proposal, number=proposal.wording)
        choices.append((found.fingerprint, f"Proposal: {proposal.title} ({found.short})"))
    if may_draft(user_of(request)):
        drafts = Draft.objects.filter(state=DraftState.OPEN)[:_MOST_NAMED]
        choices += [(f"draft-{each.pk}", f"Draft {each.pk}: {each.title}") for each in drafts]
    try:
        known = shelf.versions().versions
    except (AgreementError, VersionsError):
        known = ()
    for version in reversed(known):
        label = f"{version.agreement.title}, from {version.from_} ({version.fingerprint[:12]})"
        choices.append((version.fingerprint, label))
    named = {ref for ref, _ in choices}
    asked = [request.GET.get(name, "") for name in ("old", "new")]
    choices += [(ref, ref[:12]) for ref in dict.fromkeys(asked) if ref and ref not in named]
    return choices


def _former(choices: list[tuple[str, str]], new: str) -> str:
    """Return the version in force, or the one before the one that is looked at."""
    refs = [ref for ref, _ in choices]
    fingerprints = [ref for ref in refs if not ref.startswith("draft-")]
    if new in fingerprints:
        later = fingerprints[fingerprints.index(new) + 1 :]
        return later[0] if later else ""
    return fingerprints[0] if new and fingerprints else (refs[1] if len(refs) > 1 else "")
