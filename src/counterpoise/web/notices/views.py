"""Pages about notices."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from counterpoise.web.access import administrators, user_of
from counterpoise.web.audit.entries import record
from counterpoise.web.notices.forms import PreferenceForm
from counterpoise.web.notices.models import Delivery, State
from counterpoise.web.notices.telling import preference_of

_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Show and change how a person is told."""
    user = user_of(request)
    form = PreferenceForm(preference_of(user), request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            wanted = form.wanted()
            wanted.save()
            detail = {"by_mail": wanted.by_mail, "by_chat": bool(wanted.chat_address)}
            record(user, "person.notices_changed", f"person:{user.pk}", {**detail})
        messages.success(request, "Saved.")
        return redirect("notices:preferences")
    shown = {"form": form, "is_mail_sent": settings.ROOM.mail is not None}
    return render(request, "notices/preferences.html", shown)


@administrators
def outbox(request: HttpRequest) -> HttpResponse:
    """Show what was sent, and what could not be."""
    state = request.GET.get("state", "")
    found = Delivery.objects.select_related("notice__user")
    if state in State.values:
        found = found.filter(state=state)
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    shown = {"page": page, "state": state, "states": State.values}
    return render(request, "notices/outbox.html", shown)
