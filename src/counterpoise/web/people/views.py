"""Pages about people, for administrators."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from counterpoise.errors import CounterpoiseError
from counterpoise.web.access import administrators, user_of
from counterpoise.web.live import live
from counterpoise.web.people import changing, roster
from counterpoise.web.people.erasing import erase
from counterpoise.web.people.forms import PersonForm, RemapForm, SuccessorForm
from counterpoise.web.people.handing_over import pass_on
from counterpoise.web.people.inviting import invite
from counterpoise.web.people.models import Remap, User
from counterpoise.web.people.remapping import Kind, remap_id

_PAGE = 50
_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@administrators
def people(request: HttpRequest) -> HttpResponse:
    """List who is in the room."""
    words, state = request.GET.get("q", "")[:200], request.GET.get("state", "")
    page = Paginator(roster.roster(words, state), _PAGE).get_page(request.GET.get("page"))
    shown = {"page": page, "words": words, "state": state, "states": roster.STATES}
    return render(request, "people/list.html", shown)


@administrators
def suggested(request: HttpRequest) -> HttpResponse:
    """List who in the books has no account yet."""
    words = request.GET.get("q", "")[:200]
    page = Paginator(roster.suggestions(live(), words), _PAGE).get_page(request.GET.get("page"))
    return render(request, "people/suggested.html", {"page": page, "words": words})


@administrators
@never_cache
@_read_or_post
def invitation(request: HttpRequest) -> HttpResponse:
    """Add somebody, and show the link that lets them in."""
    form = PersonForm(request.POST or None, roles=roster.ladder(), initial=_proposed(request))
    if request.method == "POST" and form.is_valid():
        user = changing.add(form.cleaned_data, user_of(request))
        return _show_link(request, user)
    return render(request, "people/invitation.html", {"form": form})


@administrators
@_read_or_post
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and change one account."""
    user = get_object_or_404(roster.roster(), pk=pk)
    # The form writes into a copy, so that the page shows the account as it is.
    if request.method == "POST":
        form = PersonForm(request.POST, roles=roster.ladder(), instance=copy(user))
        if form.is_valid():
            return _said(
                request, pk, "Saved.", lambda by: changing.change(user, form.cleaned_data, by)
            )
    else:
        form = PersonForm(roles=roster.ladder(), instance=copy(user))
    shown = {
        "person": user,
        "form": form,
        "successor": SuccessorForm(user),
        "is_self": user.pk == user_of(request).pk,
        "in_books": roster.suggestion(live(), user.person_id),
    }
    return render(request, "people/person.html", shown)


@administrators
@never_cache
@require_POST
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a new link for somebody, and show it once."""
    return _show_link(request, get_object_or_404(User, pk=pk, is_active=True, erased_at=None))


@administrators
@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Close, reopen or sign out an account, or take its second factor off."""
    user = get_object_or_404(User, pk=pk, erased_at=None)
    acts: dict[str, tuple[str, Callable[[User], object]]] = {
        "close": ("The account is closed.", lambda by: changing.close(user, by)),
        "reopen": ("The account is open again.", lambda by: changing.reopen(user, by)),
        "sign-out": ("Every session has ended.", lambda by: changing.sign_out(user, by)),
        "second-factor": (
            "The second factor is off.",
            lambda by: changing.drop_second_factor(user, by),
        ),
    }
    says, does = acts[name]
    return _said(request, pk, says, does)


@administrators
@require_POST
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Pass on what waits for somebody."""
    leaver = get_object_or_404(User, pk=pk, erased_at=None)
    form = SuccessorForm(leaver, request.POST)
    if not form.is_valid():
        messages.error(request, "Choose who takes over.")
        return redirect("people:person", pk)
    successor = form.cleaned_data["successor"]
    return _said(request, pk, "Passed on.", lambda by: pass_on(leaver, successor, by))


@administrators
@_read_or_post
def erasure(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then forget somebody."""
    user = get_object_or_404(User, pk=pk, erased_at=None)
    if request.method == "POST":
        if request.POST.get("sure") != user.email:
            messages.error(request, "Type the address of the person to be forgotten.")
            return redirect("people:erasure", pk)
        try:
            erase(user, user_of(request))
        except CounterpoiseError as error:
            messages.error(request, str(error))
            return redirect("people:person", pk)
        messages.success(request, "The person is forgotten. What they decided stays.")
        return redirect("people:people")
    return render(request, "people/erasure.html", {"person": user})


@administrators
@_read_or_post
def remaps(request: HttpRequest) -> HttpResponse:
    """Show ids that changed, and put a new one in the place of an old one."""
    form = RemapForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            rows = remap_id(Kind(given["kind"]), given["old"], given["new"], user_of(request))
        except CounterpoiseError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Done: {rows} rows have the new id.")
            return redirect("people:remaps")
    page = Paginator(Remap.objects.all(), _PAGE).get_page(request.GET.get("page"))
    return render(request, "people/remaps.html", {"form": form, "page": page})


def _show_link(request: HttpRequest, user: User) -> HttpResponse:
    root = request.build_absolute_uri("/").rstrip("/")
    made = invite(user, user_of(request), root)
    return render(request, "people/link.html", {"made": made})


def _said(request: HttpRequest, pk: int, says: str, does: Callable[[User], object]) -> HttpResponse:
    """Do something about an account, and say on its page how it went."""
    try:
        does(user_of(request))
    except CounterpoiseError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, says)
    return redirect(reverse("people:person", args=[pk]))


def _proposed(request: HttpRequest) -> dict[str, Any]:
    found = roster.suggestion(live(), request.GET.get("person", "")[:200])
    return vars(found) if found else {"side": "sales"}
