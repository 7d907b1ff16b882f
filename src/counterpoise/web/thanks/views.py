"""Pages of thanks: what the other side did for a person, and saying thank you."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from counterpoise.web.access import user_of
from counterpoise.web.thanks.deed import OTHER
from counterpoise.web.thanks.models import Thank
from counterpoise.web.thanks.thanking import NoDeedError, done_for, thank, thanked_for

_SHOWN = 60
_LONGEST_KEY = 300


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """List what the other side did, and the thanks that came."""
    user = user_of(request)
    shown = {
        "deeds": done_for(user, timezone.now())[:_SHOWN],
        "thanked": thanked_for(user),
        "other": OTHER.get(user.side, ""),
        "came": Thank.objects.filter(taker=user).select_related("giver")[:_SHOWN],
    }
    return render(request, "thanks/thanks.html", shown)


@require_POST
def say(request: HttpRequest) -> HttpResponse:
    """Thank for one deed."""
    key = request.POST.get("key", "").replace("\x00", "")[:_LONGEST_KEY]
    try:
        said = thank(user_of(request), key, timezone.now())
    except NoDeedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{said.taker} will read it.")
    return redirect("thanks:thanks")
