"""Passing leads: choosing from the books, the form, the file, and passing a returned one again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from counterpoise.web.access import NotForYouError, user_of
from counterpoise.web.handoffs import passing
from counterpoise.web.handoffs.clocks import version_of_today
from counterpoise.web.handoffs.forms import FileForm, PassForm, RecycleForm
from counterpoise.web.handoffs.leads import Lead
from counterpoise.web.handoffs.models import Handoff
from counterpoise.web.handoffs.rights import NotYoursError, may_pass
from counterpoise.web.handoffs.uploading import LARGEST, FileError, lead_of, read_leads
from counterpoise.web.handoffs.views.boards import opened, shown
from counterpoise.web.live import live
from counterpoise.web.once import once_key

_REFUSED = 422


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Show the leads that may be passed, and the ways to bring others."""
    return _shown(request)


@require_POST
def from_books(request: HttpRequest) -> HttpResponse:
    """Pass the chosen leads of the books."""
    _refuse_others(request)
    try:
        done, said = passing.pass_from_books(user_of(request), request.POST.getlist("lead"))
    except passing.PassError as error:
        return _shown(request, status=_REFUSED, problems=[str(error)])
    for each in said:
        messages.error(request, each)
    if done:
        messages.success(request, f"{_counted(done)} with sales now.")
    return redirect("handoffs:board" if done else "handoffs:choose")


@require_POST
def by_form(request: HttpRequest) -> HttpResponse:
    """Pass a lead that was typed."""
    _refuse_others(request)
    form = PassForm(request.POST)
    if not form.is_valid():
        return _shown(request, status=_REFUSED, form=form)
    given = form.cleaned_data
    token = _token(given["token"], *(given[name] for name in given if name != "token"))
    found, said = lead_of(given, given["score"], token)
    try:
        if said:
            says = "; ".join(said)
            raise passing.PassError(f"{says[:1].upper()}{says[1:]}.")
        how = passing.Passing(token, passing.checked_text(given["note"], "note"))
        made = passing.pass_lead(user_of(request), found, how)
    except (NotYoursError, passing.PassError, passing.PassedError) as error:
        form.add_error(None, str(error))
        return _shown(request, status=_REFUSED, form=form)
    messages.success(request, f"Passed: {_where(made)}.")
    return redirect("handoffs:lead", pk=made.pk)


@require_POST
def by_file(request: HttpRequest) -> HttpResponse:
    """Pass every lead of a file, or none."""
    _refuse_others(request)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, status=_REFUSED, file_form=form)
    content = form.cleaned_data["file"].read(LARGEST + 1)
    token = _token(form.cleaned_data["token"], content)
    if passing.is_passed(user_of(request), token):
        messages.info(request, "The leads of this file were passed already.")
        return redirect("handoffs:board")
    try:
        leads = read_leads(content, token, version_of_today())
        done = passing.pass_all(user_of(request), leads, token)
    except FileError as error:
        return _shown(request, status=_REFUSED, file_form=form, file_faults=error.faults)
    except (NotYoursError, passing.PassError, passing.PassedError, IntegrityError) as error:
        says = [f"{error} Nothing of the file was passed."]
        return _shown(request, status=_REFUSED, file_form=form, file_faults=says)
    messages.success(request, f"{_counted(done)} with sales now.")
    return redirect("handoffs:board")


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Pass a returned lead again."""
    found, form = opened(user_of(request), pk), RecycleForm(request.POST, auto_id="recycle-%s")
    _refuse_others(request)
    if not form.is_valid():
        return shown(request, found, _REFUSED, recycle_form=form)
    try:
        made = passing.recycle(user_of(request), pk, form.cleaned_data["note"])
    except NotYoursError as error:
        raise NotForYouError(str(error)) from error
    except passing.PassError as error:
        form.add_error(None, str(error))
        return shown(request, found, _REFUSED, recycle_form=form)
    except passing.PassedError as error:
        messages.error(request, str(error))
        return redirect("handoffs:lead", pk=error.handoff.pk)
    messages.success(request, f"Passed again: {_where(made)}.")
    return redirect("handoffs:lead", pk=made.pk)


def _shown(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    user = user_of(request)
    if not may_pass(user):
        return render(request, "handoffs/choose.html", {"may_pass": False}, status=status)
    found = passing.may_be_passed(user, version_of_today(timezone.now()))
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    told = {
        "may_pass": True,
        "page": page,
        "rows": [(each, _account(each.account_id)) for each in map(_lead, page)],
        "form": PassForm(initial={"token": passing.fresh_token()}),
        "file_form": FileForm(initial={"token": passing.fresh_token()}, auto_id="file-%s"),
        "campaigns": live().campaigns(),
        **more,
    }
    return render(request, "handoffs/choose.html", told, status=status)


def _lead(lead_id: str) -> Lead:
    row = live().lead(lead_id)
    assert row is not None, "what may be passed stands in the books"
    return Lead.of(row)


def _account(account_id: str) -> str:
    found = live().account(account_id) if account_id else None
    return str(found["name"] or account_id) if found else account_id


def _refuse_others(request: HttpRequest) -> None:
    if not may_pass(user_of(request)):
        raise NotForYouError("Marketing passes leads to sales; you do not.")


def _token(given: str, *sent: object) -> str:
    is_sound = 8 <= len(given) <= 40 and given.isalnum()
    return once_key(given, *sent)[:24] if is_sound else passing.fresh_token()


def _counted(done: list[Handoff]) -> str:
    return "1 lead is" if len(done) == 1 else f"{len(done)} leads are"


def _where(made: Handoff) -> str:
    return made.why or "nobody has it yet"
