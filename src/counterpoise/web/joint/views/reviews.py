"""Pages of joint reviews: all of them, one, and what is done about it as a whole."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from counterpoise.web.access import NotForYouError, user_of
from counterpoise.web.joint import beginning, planning
from counterpoise.web.joint.forms import MoveForm, PointForm, RhythmForm, SkipForm
from counterpoise.web.joint.listing import list_of
from counterpoise.web.joint.minutes import minutes_of
from counterpoise.web.joint.models import JointReview
from counterpoise.web.joint.page import page_of
from counterpoise.web.joint.planning import ReviewError
from counterpoise.web.joint.rights import NotYoursError, may_lead
from counterpoise.web.joint.schedule import When
from counterpoise.web.joint.views.finding import found

_REFUSED = 422


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the next review, what was promised, and the reviews so far."""
    return render(request, "joint/home.html", {"page": list_of(user_of(request))})


@require_POST
def plan(request: HttpRequest) -> HttpResponse:
    """Plan the next review now."""
    return _acted(request, lambda: planning.plan_now(user_of(request)), "Planned.", "joint:home")


@require_http_methods(["GET", "HEAD", "POST"])
def rhythm(request: HttpRequest) -> HttpResponse:
    """Show and change when reviews are held."""
    user = user_of(request)
    if not may_lead(user):
        raise NotForYouError("Who signs for a side says when joint reviews are held.")
    usual = planning.rhythm()
    initial = {name: getattr(usual, name) for name in ("weekday", "at", "minutes", "place")}
    form = RhythmForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        when = When(given["weekday"], given["at"])
        planning.change_rhythm(user, when, given["minutes"], given["place"])
        messages.success(request, "Saved. What is planned moved along.")
        return redirect("joint:home")
    agreement = planning.agreement_of(timezone.localdate())
    status = _REFUSED if request.method == "POST" else 200
    shown = {"form": form, "every": agreement.review.every if agreement else None}
    return render(request, "joint/rhythm.html", shown, status=status)


@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one review: its agenda, or the minutes."""
    return shown_review(request, found(JointReview, pk))


@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a review."""
    kept = found(JointReview, pk)
    says = "Begun. Whoever is there writes; everybody sees it."
    return _acted(request, lambda: beginning.begin(user_of(request), kept.pk), says, kept)


@require_POST
def come(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one is there, or will be."""
    kept = found(JointReview, pk)
    return _acted(request, lambda: beginning.come(user_of(request), kept.pk), "Noted.", kept)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the minutes."""
    kept = found(JointReview, pk)
    says = "Closed. The minutes stay as they are; the next agenda begins with what was promised."
    return _acted(request, lambda: beginning.close(user_of(request), kept.pk), says, kept)


@require_POST
def bring(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a point of one's own."""
    kept, form = found(JointReview, pk), PointForm(request.POST)

    def act() -> None:
        given = form.cleaned_data
        beginning.bring(user_of(request), kept.pk, given["says"], given["token"])

    return _formed(request, kept, ("point_form", form), act, "It stands on the agenda.")


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Hold a review at another moment."""
    kept, form = found(JointReview, pk), MoveForm(request.POST)

    def act() -> None:
        planning.move(user_of(request), kept.pk, form.moment())

    return _formed(request, kept, ("move_form", form), act, "Moved; calendars follow.")


@require_POST
def skip(request: HttpRequest, pk: int) -> HttpResponse:
    """Skip a review with a reason."""
    kept, form = found(JointReview, pk), SkipForm(request.POST)

    def act() -> None:
        planning.skip(user_of(request), kept.pk, form.cleaned_data["reason"])

    return _formed(request, kept, ("skip_form", form), act, "Skipped; both sides read why.")


@require_safe
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the minutes as Markdown."""
    kept = found(JointReview, pk)
    text = minutes_of(page_of(kept, user_of(request)))
    name = f"joint-review-{timezone.localdate(kept.starts_at).isoformat()}.md"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/markdown; charset=utf-8", headers=headers)


def shown_review(
    request: HttpRequest,
    kept: JointReview,
    forms_: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a review, with forms that could not be taken."""
    page = page_of(kept, user_of(request))
    shown: dict[str, Any] = {"page": page, "review": kept}
    if kept.is_planned or kept.is_open:
        shown["point_form"] = PointForm(initial={"token": secrets.token_urlsafe(18)})
    if kept.is_planned and page.may_lead:
        local = timezone.localtime(kept.starts_at)
        shown["move_form"] = MoveForm(initial={"on": local.date(), "at": local.time()})
        shown["skip_form"] = SkipForm()
    return render(request, "joint/review.html", shown | (forms_ or {}), status=status)


def _acted(
    request: HttpRequest, act: Callable[[], object], says: str, to: JointReview | str
) -> HttpResponse:
    """Do something that asks for nothing but a click."""
    try:
        act()
    except NotYoursError as error:
        raise NotForYouError(str(error)) from error
    except ReviewError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, says)
    return redirect(to) if isinstance(to, str) else redirect("joint:review", to.pk)


def _formed(
    request: HttpRequest,
    kept: JointReview,
    named: tuple[str, forms.Form],
    act: Callable[[], None],
    says: str,
) -> HttpResponse:
    """Do what a form asks, or show the page again with what is wrong."""
    name, form = named
    if name != "point_form" and not may_lead(user_of(request)):
        raise NotForYouError("Who signs for a side moves and skips joint reviews.")
    if form.is_valid():
        try:
            act()
        except ReviewError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, says)
            return redirect("joint:review", kept.pk)
    return shown_review(request, kept, {name: form}, _REFUSED)
