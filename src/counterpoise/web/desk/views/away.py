"""Away: who answers in one's place, and for which days."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from counterpoise.web.access import user_of
from counterpoise.web.desk.deciders import active_delegations
from counterpoise.web.desk.delegation import DelegationError, delegate, end
from counterpoise.web.desk.forms import DelegationForm
from counterpoise.web.desk.models import Delegation
from counterpoise.web.desk.turning import ready_today

_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def away(request: HttpRequest) -> HttpResponse:
    """Show and make delegations."""
    user = user_of(request)
    form = DelegationForm(user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            delegate(user, chosen["delegate"], chosen["from_on"], chosen["until_on"])
        except DelegationError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{chosen['delegate'].name} answers in your place.")
            return redirect("desk:away")
    ready = ready_today()
    shown = {
        "form": form,
        "may_hand_over": bool(ready and user.role in ready.ranks),
        "given": Delegation.objects.filter(giver=user).select_related("delegate")[:_SHOWN],
        "held": active_delegations(timezone.now()).filter(delegate=user),
        "today": timezone.localdate(),
    }
    return render(request, "room_desk/away.html", shown, status=400 if form.errors else 200)


@require_POST
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's role back."""
    if end(user_of(request), pk):
        messages.success(request, "You answer for yourself again.")
    else:
        messages.error(request, "There was nothing of yours to end.")
    return redirect("desk:away")
