"""What is written into the minutes, and the news of what others wrote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from counterpoise.web.access import NotForYouError, user_of
from counterpoise.web.joint import writing
from counterpoise.web.joint.forms import ActionForm, NotesForm, WriteForm
from counterpoise.web.joint.models import Action, Decision, JointReview, Point, Presence
from counterpoise.web.joint.page import Spoken, changed_since, one, page_of, spoken_of
from counterpoise.web.joint.planning import ReviewError
from counterpoise.web.joint.rights import NotYoursError
from counterpoise.web.joint.states import ActionState, Kind
from counterpoise.web.joint.views.finding import found
from counterpoise.web.joint.views.reviews import shown_review

_REFUSED = 422
_MERGED = "Somebody else wrote here meanwhile; what both wrote stands below."


@require_POST
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a note, a decision or an action down."""
    point, form = found(Point, pk), WriteForm(request.POST)
    kind = request.POST.get("kind", Kind.NOTE)
    if not form.is_valid():
        says = "Write something down first, 2,000 characters at most."
        return _again(request, point, request.POST.get("text", ""), says)
    text, token = form.cleaned_data["text"], form.cleaned_data["token"]
    user = user_of(request)
    if kind == Kind.ACTION:
        return _promise(request, point, text, token)
    act = writing.decide if kind == Kind.DECISION else writing.note
    return _written(request, point, text, lambda: act(user, point.pk, text, token))


def _promise(request: HttpRequest, point: Point, text: str, token: str) -> HttpResponse:
    """Write an action down, or ask first who does it until when."""
    is_asked = "owner" in request.POST
    there = Presence.objects.filter(review_id=point.review_id).values_list("user_id", flat=True)
    form = ActionForm(point.pk, request.POST if is_asked else None, tuple(there))
    if not is_asked or not form.is_valid():
        return _again(request, point, text, "", form)

    def act() -> None:
        owner, due_on = form.chosen(), form.cleaned_data["due_on"]
        writing.promise(user_of(request), point.pk, text, owner, due_on, token)

    return _written(request, point, text, act, form)


@require_POST
def notes(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the notes of a point anew."""
    point, form = found(Point, pk), NotesForm(request.POST)
    if not form.is_valid():
        says = "These notes are too long, or were not sent from this page."
        return _again(request, point, request.POST.get("text", ""), says)
    given = form.cleaned_data
    said: list[writing.Noted] = []

    def act() -> None:
        user = user_of(request)
        said.append(writing.edit(user, point.pk, given["version"], given["text"], given["token"]))

    answer = _written(request, point, given["text"], act)
    if said and said[0].is_merged and not _is_partial(request):
        messages.info(request, _MERGED)
    return answer


@require_POST
def strike(request: HttpRequest, pk: int) -> HttpResponse:
    """Strike a decision out."""
    decision = found(Decision, pk)
    act = lambda: writing.strike(user_of(request), decision.pk)  # noqa: E731
    return _written(request, found(Point, decision.point_id), "", act)


@require_POST
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick an action off."""
    return _settled(request, pk, ActionState.DONE, "Ticked off.")


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop an action."""
    return _settled(request, pk, ActionState.DROPPED, "Dropped.")


@require_safe
def news(request: HttpRequest, pk: int) -> HttpResponse:
    """Return what was written since a page last looked; nothing where nothing was."""
    review = found(JointReview, pk)
    seen = _number(request.GET.get("seen", ""))
    if review.changes == seen:
        return HttpResponse(status=204)
    if not review.is_open:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    user = user_of(request)
    changed = [
        replace(each, is_new=each.point.born > seen)
        for each in spoken_of(changed_since(review, seen), user)
    ]
    shown = {"page": page_of(review, user), "review": review, "changed": changed, "seen": seen}
    return render(request, "joint/_news.html", shown)


def _written(
    request: HttpRequest,
    point: Point,
    text: str,
    act: Callable[[], object],
    form: ActionForm | None = None,
) -> HttpResponse:
    try:
        act()
    except ReviewError as error:
        return _again(request, point, text, str(error), form)
    if _is_partial(request):
        return _partial(request, replace(_spoken(request, point), is_writing=True))
    return redirect(reverse("joint:review", args=[point.review_id]) + f"#point-{point.pk}")


def _again(
    request: HttpRequest, point: Point, text: str, error: str, form: ActionForm | None = None
) -> HttpResponse:
    """Show a point again with what was typed, and what is missing or wrong."""
    review = JointReview.objects.get(pk=point.review_id)
    if not review.is_open and not error:
        error = "This review is not open, so nothing was written down."
    spoken = _spoken(request, point)
    drafted = replace(spoken, draft=text, error=error, action_form=form, is_writing=True)
    if _is_partial(request) and review.is_open:
        return _partial(request, drafted)
    status = _REFUSED if error or (form and form.is_bound) else 200
    return shown_review(request, review, {"drafted": drafted}, status)


def _settled(request: HttpRequest, pk: int, state: ActionState, says: str) -> HttpResponse:
    action = found(Action, pk)
    try:
        writing.settle(user_of(request), action.pk, state)
    except NotYoursError as error:
        raise NotForYouError(str(error)) from error
    except ReviewError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, says)
    point = Point.objects.filter(pk=_number(request.POST.get("point", ""))).first()
    if point is None:
        return redirect("joint:home")
    return redirect(reverse("joint:review", args=[point.review_id]) + f"#point-{point.pk}")


def _spoken(request: HttpRequest, point: Point) -> Spoken:
    return spoken_of([one(point.pk)], user_of(request))[0]


def _partial(request: HttpRequest, spoken: Spoken) -> HttpResponse:
    shown = {"spoken": spoken, "review": spoken.point.review}
    return render(request, "joint/_point.html", shown)


def _is_partial(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
