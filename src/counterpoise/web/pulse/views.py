"""Pages of the pulse: what was counted, the twelve ratings, and words to both leads."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from counterpoise.web.access import NotForYouError, user_of
from counterpoise.web.pulse import answering
from counterpoise.web.pulse.charts import over_time
from counterpoise.web.pulse.forms import RatingForm, WordsForm
from counterpoise.web.pulse.models import Pulse
from counterpoise.web.pulse.page import GroupNotShownError, counted, page_of

_REFUSED = 422


@require_safe
def pulse(request: HttpRequest) -> HttpResponse:
    """Show a counted pulse, and what the open one wants."""
    return _shown(request)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """Take part in the open pulse."""
    user = user_of(request)
    standing = answering.standing(user)
    if standing is None or standing.is_small or standing.has_answered:
        if request.method == "POST":
            messages.error(request, "There is nothing to answer for you now.")
        return redirect("pulse:pulse")
    form = RatingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answering.answer(user, standing.pulse.pk, form.ratings())
        except answering.AnswerError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Thank you. Your ratings lie in the urn, without your name.")
        return redirect("pulse:pulse")
    status = _REFUSED if request.method == "POST" else 200
    return render(request, "pulse/answer.html", {"form": form, "standing": standing}, status=status)


@require_POST
def words(request: HttpRequest) -> HttpResponse:
    """Write to both leads, where one's side is too small."""
    user = user_of(request)
    standing, form = answering.standing(user), WordsForm(request.POST)
    if standing is None or not standing.is_small:
        raise NotForYouError("Words are for sides that are too small to be asked by numbers.")
    if not form.is_valid():
        return _shown(request, {"words_form": form}, _REFUSED)
    answering.write(user, standing.pulse.pk, form.cleaned_data["text"], timezone.now())
    messages.success(request, "Sent to both leads.")
    return redirect("pulse:pulse")


def _shown(
    request: HttpRequest, forms: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    user, pulses = user_of(request), counted()
    standing = answering.standing(user)
    chosen = _chosen(pulses, request.GET.get("of", ""))
    try:
        page = page_of(chosen, request.GET.get("group", "")) if chosen else None
    except GroupNotShownError as error:
        raise NotForYouError(str(error)) from error
    latest = answering.open_pulse() or (pulses[0] if pulses else None)
    shown: dict[str, Any] = {
        "page": page,
        "pulses": pulses,
        "standing": standing,
        "open_pulse": answering.open_pulse(),
        "drawing": over_time(pulses),
        "words": answering.words_for(user, latest) if latest else [],
    }
    if standing is not None and standing.is_small:
        own = next((each.text for each in shown["words"] if each.user_id == user.pk), "")
        shown["words_form"] = WordsForm(initial={"text": own})
    return render(request, "pulse/pulse.html", shown | (forms or {}), status=status)


def _chosen(pulses: list[Pulse], first_on: str) -> Pulse | None:
    if not first_on:
        return next((each for each in pulses if each.figures.exists()), next(iter(pulses), None))
    for each in pulses:
        if each.first_on.isoformat() == first_on:
            return each
    raise Http404("no such pulse")
