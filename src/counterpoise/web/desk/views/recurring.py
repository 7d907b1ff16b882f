"""Recurring approvals: what is nearly always approved, proposed as a clause."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from counterpoise.web.desk.recurring import recurring_approvals


@require_GET
def recurring(request: HttpRequest) -> HttpResponse:
    """Show what is nearly always approved."""
    return render(request, "room_desk/recurring.html", {"found": recurring_approvals()})
