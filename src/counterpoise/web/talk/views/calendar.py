"""The campaign calendar: the list, one campaign with its thread, and what sales is told."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from counterpoise.web.access import NotForYouError, user_of
from counterpoise.web.handoffs.naming import person_name
from counterpoise.web.talk import announcing
from counterpoise.web.talk.calendar import Campaign, calendar_on, campaign_of, campaigns
from counterpoise.web.talk.forms import CampaignForm, LinkForm
from counterpoise.web.talk.saying import NotYoursError, TalkError
from counterpoise.web.talk.showing import thread_shown
from counterpoise.web.talk.things import thing_for
from counterpoise.web.tools.rights import may_make

_REFUSED = 422


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Show what runs and what comes, with the notice given of each."""
    shown = {
        "calendar": calendar_on(timezone.localdate()),
        "may_tell": may_make(user_of(request)),
    }
    return render(request, "talk/calendar.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Tell sales of a campaign that the books do not have yet."""
    user = user_of(request)
    _refuse_others(request)
    form = CampaignForm(request.POST or None, initial={"token": secrets.token_urlsafe(24)})
    if request.method == "POST" and form.is_valid():
        try:
            made = announcing.announce(user, form.told(), form.cleaned_data["token"])
        except TalkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Sales is told: it stands on their calendar and home page.")
            return redirect("talk:campaign", made.campaign_id)
    status = _REFUSED if request.method == "POST" else 200
    return render(request, "talk/campaign_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def campaign(request: HttpRequest, campaign_id: str) -> HttpResponse:
    """Show a campaign with its thread; marketing writes the line to say."""
    found = _found(campaign_id)
    if request.method != "POST":
        return _page(request, found)
    _refuse_others(request)
    form = CampaignForm(request.POST, campaign=found)
    if not form.is_valid():
        return _page(request, found, _REFUSED, form=form)
    user, given = user_of(request), form.cleaned_data
    try:
        announcing.tell(user, found.id, form.told(), given["token"], given["revision"] or 0)
    except (TalkError, announcing.ChangedMeanwhileError) as error:
        form.add_error(None, str(error))
        return _page(request, found, _REFUSED, form=form)
    messages.success(request, "Kept. Sellers read it now.")
    return redirect("talk:campaign", found.id)


@require_POST
def link(request: HttpRequest, campaign_id: str) -> HttpResponse:
    """Say which campaign of the books one of the room's became."""
    found = _found(campaign_id)
    _refuse_others(request)
    form = LinkForm(_unlinked(found), request.POST)
    if not form.is_valid():
        return _page(request, found, _REFUSED, link_form=form)
    try:
        made = announcing.link(user_of(request), found.id, form.cleaned_data["campaign"])
    except (TalkError, NotYoursError) as error:
        form.add_error("campaign", str(error))
        return _page(request, found, _REFUSED, link_form=form)
    messages.success(request, "Linked: its figures come from the books from now on.")
    return redirect("talk:campaign", made.campaign_id)


def _page(request: HttpRequest, found: Campaign, status: int = 200, **forms: Any) -> HttpResponse:
    user = user_of(request)
    thing = thing_for(user, f"campaign:{found.id}")
    assert thing is not None
    shown: dict[str, Any] = {
        **thread_shown(request, thing),
        "campaign": found,
        "owner": person_name(found.owner_id) if found.owner_id else "",
    }
    if may_make(user):
        shown["form"] = CampaignForm(campaign=found)
        if not found.is_imported and (rows := _unlinked(found)):
            shown["link_form"] = LinkForm(rows)
    return render(request, "talk/campaign.html", shown | forms, status=status)


def _unlinked(found: Campaign) -> list[Campaign]:
    """Return campaigns of the books that this one may be: those of which nobody told sales."""
    if found.is_imported:
        return []
    today = timezone.localdate()
    every = [each for each in campaigns(today) if each.is_imported and each.told is None]
    start = found.starts_on or today
    near = [each for each in every if each.starts_on and abs((each.starts_on - start).days) <= 60]
    return near[:50]


def _found(campaign_id: str) -> Campaign:
    is_sound = "\x00" not in campaign_id and len(campaign_id) <= 200
    found = campaign_of(campaign_id, timezone.localdate()) if is_sound else None
    if found is None:
        raise Http404("no such campaign")
    return found


def _refuse_others(request: HttpRequest) -> None:
    if not may_make(user_of(request)):
        raise NotForYouError("Marketing tells sales of campaigns; everybody reads it.")
