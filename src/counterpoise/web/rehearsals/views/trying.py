"""Move rates on the table of limits: past deals are answered at once, the effect follows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from counterpoise.books.lock import LockHeldError
from counterpoise.rehearse.results import Behaviour
from counterpoise.web.access import user_of
from counterpoise.web.agreements.rights import may_draft
from counterpoise.web.agreements.shelf import NotOnShelfError
from counterpoise.web.agreements.views.telling import act
from counterpoise.web.rehearsals import estimating, keeping, replaying
from counterpoise.web.rehearsals.models import LONGEST_NAME, LONGEST_TITLE, MOST_CANDIDATES
from counterpoise.web.rehearsals.page import effect_part, replay_part
from counterpoise.web.rehearsals.rights import may_rehearse
from counterpoise.web.rehearsals.trial import Trial
from counterpoise.web.results.reading import latest

BEHAVIOURS = (
    (Behaviour.WITHIN_AUTHORITY, "They give what they may grant alone"),
    (Behaviour.ESCALATE, "They ask upwards for as much as anybody may grant"),
)
"""What sellers are taken to do whose offer the candidate does not let through."""

_BUSY = 503
_RETRY_SECONDS = "3"


@require_safe
def trial(request: HttpRequest) -> HttpResponse:
    """Show the table of rates as it stands in the address, and what past deals would have met."""
    tried = _read(request, request.GET)
    if tried is None:
        return render(request, "rehearsals/nothing.html")
    target = request.headers.get("HX-Target", "")
    shown = _about(request, tried)
    try:
        shown |= _parts(request, tried, target)
    except LockHeldError:
        return busy(request)
    template = {"replay": "_replay", "effect": "_effect"}.get(target, "trial")
    shown["is_part"] = target == "replay"
    response = render(request, f"rehearsals/{template}.html", shown)
    if target == "replay":
        response.headers["HX-Replace-Url"] = tried.url
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@require_POST
def lay_out(request: HttpRequest) -> HttpResponseBase:
    """Have past deals laid out for the table of a base, which is done once a review."""
    tried, kept = _read(request, request.POST), latest()
    if tried is None or kept is None:
        raise Http404("nothing to lay out")
    replaying.ask(user_of(request), kept, tried.base.agreement)
    if request.headers.get("HX-Target") == "replay":
        shown = _about(request, tried) | _parts(request, tried, "replay") | {"is_part": True}
        return render(request, "rehearsals/_replay.html", shown)
    if tried.rehearsal is not None and request.POST.get("to") == "rehearsal":
        return redirect("rehearsals:rehearsal", tried.rehearsal.pk)
    return redirect(tried.url)


@require_POST
def estimate(request: HttpRequest) -> HttpResponseBase:
    """Ask the worker for what the candidate would have done."""
    tried = _read(request, request.POST)
    kept = latest()
    if tried is None or kept is None or not tried.sheet.is_sound:
        raise Http404("nothing to estimate")
    question = estimating.Question(tried.rules, tried.text, tried.behaviour)
    estimating.ask(user_of(request), question, kept)
    if request.headers.get("HX-Target") == "effect":
        shown = _about(request, tried) | effect_part(tried, kept)
        return render(request, "rehearsals/_effect.html", shown)
    return redirect(f"{tried.url}#effect")


@act(lambda *_, **__: reverse("rehearsals:home"))
def attest(request: HttpRequest) -> HttpResponseBase:
    """Vouch that recording depends on how deals ended alone, and have the effect worked out."""
    tried, kept = _read(request, request.POST), latest()
    if tried is None or kept is None or not tried.sheet.is_sound:
        raise Http404("nothing to estimate")
    question = estimating.Question(tried.rules, tried.text, tried.behaviour)
    estimating.attest(user_of(request), question, kept)
    return redirect(f"{tried.url}#effect")


def _home(*_: Any, **__: Any) -> str:
    return reverse("rehearsals:home")


@act(_home)
def keep(request: HttpRequest) -> HttpResponseBase:
    """Keep the trial as a candidate, of its rehearsal or of a new one."""
    tried = _read(request, request.POST)
    if tried is None:
        raise keeping.RehearsalError("there is no agreement to start from")
    name, title = request.POST.get("name", ""), request.POST.get("title", "")
    made = keeping.keep(user_of(request), tried, name, title)
    messages.success(request, f"{made.name} is kept. Its address can be shared.")
    return redirect("rehearsals:rehearsal", made.rehearsal_id)


def _read(request: HttpRequest, query: QueryDict) -> Trial | None:
    try:
        return Trial.read(query, user_of(request))
    except NotOnShelfError as error:
        raise Http404(str(error)) from error


def _about(request: HttpRequest, tried: Trial) -> dict[str, Any]:
    user = user_of(request)
    return {
        "tried": tried,
        "kept": latest(),
        "behaviours": BEHAVIOURS,
        "may_rehearse": may_rehearse(user),
        "may_attest": may_draft(user),
        "longest_name": LONGEST_NAME,
        "longest_title": LONGEST_TITLE,
        "has_room": tried.rehearsal is None or tried.rehearsal.candidates.count() < MOST_CANDIDATES,
    }


def _parts(request: HttpRequest, tried: Trial, target: str) -> dict[str, Any]:
    user, kept = user_of(request), latest()
    if kept is None or not tried.sheet.is_sound:
        return {}
    shown: dict[str, Any] = {}
    if target != "effect":
        shown |= replay_part(user, tried, kept, request.GET.get("by", ""))
    return shown | effect_part(tried, kept)


def busy(request: HttpRequest) -> HttpResponse:
    """Say that many are asking at once."""
    told = render(request, "ledger/busy.html", status=_BUSY)
    told.headers["Retry-After"] = _RETRY_SECONDS
    return told
