"""Pages of cracks: the list, one, what is new since the last review, and what people do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from counterpoise.web.access import NotForYouError, administrators, user_of
from counterpoise.web.cracks import acting, lines
from counterpoise.web.cracks.coaching import sheet_of
from counterpoise.web.cracks.forms import AcceptForm, AnswerForm, AssignForm, PeopleForm
from counterpoise.web.cracks.listing import list_of
from counterpoise.web.cracks.models import Crack
from counterpoise.web.cracks.naming import Naming, people_shown
from counterpoise.web.cracks.news import news_of
from counterpoise.web.cracks.page import page_of
from counterpoise.web.cracks.rights import NotYoursError, may_answer, may_steer, visible_to
from counterpoise.web.cracks.setting import show_people
from counterpoise.web.people.models import User
from counterpoise.web.results.reading import latest

_REFUSED = 422


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """List the cracks that a person sees."""
    user = user_of(request)
    page = list_of(user, lines.Wanted.of(request.GET.dict()), latest())
    shown = {"page": page, "sides": lines.SIDES.items(), "orders": lines.ORDERS.items()}
    return render(request, "cracks/home.html", shown)


@require_safe
def since(request: HttpRequest) -> HttpResponse:
    """Tell what the last review changed."""
    user = user_of(request)
    return render(request, "cracks/since.html", {"news": news_of(user)})


@require_safe
def crack(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one crack; another's is opened first."""
    return _shown(request, _found(request, slug))


@require_POST
def look(request: HttpRequest, slug: str) -> HttpResponse:
    """Open another's crack, which the trail keeps."""
    _found(request, slug)
    acting.look(user_of(request), slug)
    return redirect("cracks:crack", slug)


@require_POST
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer a crack."""
    found, form = _found(request, slug), AnswerForm(request.POST)

    def act() -> None:
        acting.answer(user_of(request), slug, form.cleaned_data["text"])

    says = "Your answer stands beside the crack."
    return _done(request, found, {"answer_form": form}, (may_answer, act), says)


@require_POST
def assign(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a crack an owner and a day."""
    found = _found(request, slug)
    form = AssignForm(found, Naming(user_of(request)), request.POST)

    def act() -> None:
        acting.assign(user_of(request), slug, form.chosen(), form.cleaned_data["due_on"])

    says = "The next reviews measure whether it heals."
    return _done(request, found, {"assign_form": form}, (may_steer, act), says)


@require_POST
def accept(request: HttpRequest, slug: str) -> HttpResponse:
    """Accept a crack for a time."""
    found, form = _found(request, slug), AcceptForm(request.POST)

    def act() -> None:
        given = form.cleaned_data
        acting.accept(user_of(request), slug, given["reason"], given["until_on"])

    says = "Accepted for now; it is measured on all the same."
    return _done(request, found, {"accept_form": form}, (may_steer, act), says)


@require_safe
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """Show three deals behind a crack, and what could have been offered instead."""
    found = _found(request, slug)
    shown = sheet_of(found, Naming(user_of(request)), latest())
    if shown is None:
        raise Http404("no sheet for this reader")
    return render(request, "cracks/sheet.html", {"sheet": shown})


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Show and change how people are shown in cracks."""
    form = PeopleForm(request.POST or None, initial={"people": people_shown().value})
    if request.method == "POST" and form.is_valid():
        show_people(user_of(request), form.cleaned_data["people"])
        messages.success(request, "Saved.")
        return redirect("cracks:people")
    status = _REFUSED if request.method == "POST" else 200
    return render(request, "cracks/people.html", {"form": form}, status=status)


def _found(request: HttpRequest, slug: str) -> Crack:
    found = visible_to(user_of(request)).filter(slug=slug).first()
    if found is None:
        raise Http404("no such crack, or none that opens")
    return found


def _shown(
    request: HttpRequest, found: Crack, forms: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    naming = Naming(user_of(request))
    if not naming.opened(found):
        line = lines.line(found, naming)
        return render(request, "cracks/envelope.html", {"line": line}, status=status)
    kept = latest()
    page = page_of(found, naming, kept, _page(request))
    shown: dict[str, Any] = {"page": page, "kept": kept}
    if page.may_answer:
        shown["answer_form"] = AnswerForm()
    if page.may_steer:
        shown |= {"assign_form": AssignForm(found, naming), "accept_form": AcceptForm()}
    return render(request, "cracks/crack.html", shown | (forms or {}), status=status)


def _done(
    request: HttpRequest,
    found: Crack,
    forms: dict[str, Any],
    act: tuple[Callable[[User, Crack], bool], Callable[[], None]],
    says: str,
) -> HttpResponse:
    """Do what a form asks where the person may, or show the page again with what is wrong."""
    may, do = act
    (form,) = forms.values()
    if found.is_open and not may(user_of(request), found):
        raise NotForYouError("This is not yours to do about this crack.")
    if not form.is_valid():
        return _shown(request, found, forms, _REFUSED)
    try:
        do()
    except NotYoursError as error:
        raise NotForYouError(str(error)) from error
    except acting.ActError as error:
        form.add_error(None, str(error))
        return _shown(request, found, forms, _REFUSED)
    except acting.ClosedError as error:
        messages.error(request, str(error))
        return redirect("cracks:crack", found.slug)
    messages.success(request, says)
    return redirect("cracks:crack", found.slug)


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
