"""Compare two versions: what changed by meaning, and which past deals would change verdict."""

from __future__ import annotations

from typing import Any

from django.db import models
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
    ProposalState,
    Wording,
)
from counterpoise.web.agreements.rights import may_draft
from counterpoise.web.agreements.views.telling import act, refused

_MOST_NAMED = 50


def compare(request: HttpRequest) -> HttpResponseBase:
    """Compare the two versions that the address names."""
    user = user_of(request)
    choices, versions = _choices(request)
    new_ref = request.GET.get("new") or (choices[0][0] if choices else "")
    old_ref = request.GET.get("old") or _former(choices, versions, new_ref)
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
        "promotions": comparing.past_promotions_of(found),
        "as_of": comparing.day_of(found),
        "deals": comparing.deals_of(found, scope_of(user_of(request)), move),
        "move": move,
    }


def _choices(request: HttpRequest) -> tuple[list[tuple[str, str]], list[str]]:
    """Return what can be compared, with how it is called, and the versions in force on some day.

    Both have the latest first.
    """
    proposed = (
        Wording.objects.filter(
            proposal__state=ProposalState.OPEN, number=models.F("proposal__wording")
        )
        .select_related("proposal")
        .defer("text")
        .order_by("-proposal__proposed_at", "-proposal_id")
    )
    choices = [
        (each.fingerprint, f"Proposal: {each.proposal.title} ({each.short})")
        for each in proposed[:_MOST_NAMED]
    ]
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
    return choices, [version.fingerprint for version in reversed(known)]


def _former(choices: list[tuple[str, str]], versions: list[str], new: str) -> str:
    """Return the version before the one that is looked at; the latest, where it is only drafted."""
    found = next((each for each in versions if each.startswith(new)), None)
    if found is not None:
        return next(iter(versions[versions.index(found) + 1 :]), "")
    return next(iter(versions or (ref for ref, _ in choices if ref != new)), "")
