"""Requests: the list, one's whole story, what the customer may see, and the asker's acts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from counterpoise.web.access import NotForYouError, user_of
from counterpoise.web.audit.entries import record
from counterpoise.web.desk.customer import Figures, customer_page
from counterpoise.web.desk.linking import LinkError, link, may_link, refuse_link
from counterpoise.web.desk.models import Offered, Request
from counterpoise.web.desk.requests import tell, visible_to, withdraw
from counterpoise.web.desk.states import AGREED, Happening, State
from counterpoise.web.desk.stories import story_of
from counterpoise.web.people.models import User

PAGE = 25
"""Requests on one page of the list."""


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """List the requests that open to a person; by default their own."""
    user = user_of(request)
    whose = "all" if request.GET.get("whose") == "all" else "mine"
    state = request.GET.get("state", "")
    found = _found(user, whose)
    if state in {each.value for each in State}:
        found = found.filter(state=state)
    page = Paginator(found.select_related("asker"), PAGE).get_page(request.GET.get("page"))
    shown = {"page": page, "whose": whose, "state": state, "states": [each.value for each in State]}
    return render(request, "room_desk/requests.html", shown)


@require_GET
def story(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the whole story of a request."""
    return render(request, "room_desk/request.html", page_of(request, pk))


@require_GET
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the customer may see of a request."""
    found = opened(user_of(request), pk)
    page = customer_page(
        found.written,
        found.decision,
        Figures(found.list_amount, found.net_amount, found.currency),
        account_id=found.account_id,
        is_agreed=found.state in AGREED,
        on=timezone.localdate(found.asked_at),
    )
    return render(request, "room_desk/customer.html", {"page": page})


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw an open request of one's own."""
    user = user_of(request)
    if opened(user, pk).asker_id != user.pk:
        raise NotForYouError("Only who asked may withdraw a request.")
    if withdraw(user, pk):
        messages.success(request, "Withdrawn. Nobody has to answer it any more.")
    else:
        messages.error(request, "It was answered or over before; nothing changed.")
    return redirect("desk:request", pk=pk)


@require_POST
def link_deal(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether a suggested deal is the one that a request was about."""
    user = user_of(request)
    found = opened(user, pk)
    act = refuse_link if request.POST.get("act") == "refuse" else link
    try:
        act(user, found, request.POST.get("deal", ""))
    except LinkError as error:
        messages.error(request, str(error))
    return redirect("desk:request", pk=pk)


@require_POST
def put_to_customer(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the terms were put to the customer."""
    user = user_of(request)
    found = opened(user, pk)
    if not may_link(found, user) or found.state not in AGREED:
        raise NotForYouError("Only who asked may record an offer, once it is granted or approved.")
    now = timezone.now()
    with transaction.atomic():
        _, is_new = Offered.objects.get_or_create(request=found, defaults={"by": user, "at": now})
        if is_new:
            tell(pk, Happening.OFFERED, now, user)
            record(user, "request.offered", f"request:{pk}")
    messages.success(request, "Recorded as offered.")
    return redirect("desk:request", pk=pk)


def opened(user: User, pk: int) -> Request:
    """Return a request that opens to a person; another is not here, whether or not it exists."""
    found = visible_to(user).select_related("asker", "follows").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def page_of(request: HttpRequest, pk: int, **more: Any) -> dict[str, Any]:
    """Return what the page of a request shows."""
    user = user_of(request)
    return {"story": story_of(opened(user, pk), user, timezone.now()), **more}


def _found(user: User, whose: str) -> QuerySet[Request]:
    return visible_to(user) if whose == "all" else Request.objects.filter(asker=user)
