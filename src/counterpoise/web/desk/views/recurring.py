"""Recurring approvals: what is nearly always approved, proposed as a clause."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from counterpoise.web.access import user_of
from counterpoise.web.agreements.rights import may_draft
from counterpoise.web.desk.recurring import (
    Group,
    NoLongerRecurringError,
    propose,
    recurring_approvals,
)


@require_GET
def recurring(request: HttpRequest) -> HttpResponse:
    """Show what is nearly always approved."""
    shown = {"found": recurring_approvals(), "may_draft": may_draft(user_of(request))}
    return render(request, "room_desk/recurring.html", shown)


@require_POST
def propose_clause(request: HttpRequest) -> HttpResponse:
    """Start a draft with the limit that everybody approves."""
    named = (request.POST.get(name, "") for name in Group._fields)
    try:
        made = propose(user_of(request), Group(*named))
    except NoLongerRecurringError as error:
        messages.error(request, str(error))
        return redirect("desk:recurring")
    return redirect("agreements:draft", pk=made.pk)
