"""Pages about webhooks, for administrators."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from counterpoise.web.access import administrators, user_of
from counterpoise.web.webhooks import endpoints
from counterpoise.web.webhooks.forms import EndpointForm
from counterpoise.web.webhooks.gathering import test_message
from counterpoise.web.webhooks.models import Endpoint, Sending, Topic
from counterpoise.web.webhooks.posting import EndpointError
from counterpoise.web.webhooks.signing import secret_of

_A_PAGE = 25


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def listed(request: HttpRequest) -> HttpResponse:
    """Show the endpoints and what they were told; name another, whose secret is shown this once."""
    form = EndpointForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = endpoints.add(user_of(request), form.cleaned_data["url"], form.wanted())
        except EndpointError as error:
            form.add_error(None, str(error))
        else:
            return _secret_page(request, made)
    sendings = Sending.objects.select_related("message", "endpoint")
    shown = {
        "form": form,
        "endpoints": [
            (each, [Topic(topic).label for topic in each.topics]) for each in Endpoint.objects.all()
        ],
        "page": Paginator(sendings, _A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "webhooks/all.html", shown, status=422 if form.errors else 200)


@never_cache
@require_POST
@administrators
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Turn an endpoint off or on, try it, give it another secret, or remove it."""
    user, endpoint = user_of(request), get_object_or_404(Endpoint, pk=pk)
    if act == "renew":
        return _secret_page(request, endpoints.renew(user, endpoint))
    if act == "test":
        test_message(endpoint, timezone.now())
        messages.success(request, "A test is on its way; it appears below.")
    elif act in {"on", "off"}:
        endpoints.switch(user, endpoint, is_on=act == "on")
    elif act == "remove":
        endpoints.remove(user, endpoint)
        messages.success(request, "Removed.")
    else:
        raise Http404(act)
    return redirect("webhooks:all")


def _secret_page(request: HttpRequest, endpoint: Endpoint) -> HttpResponse:
    shown = {"endpoint": endpoint, "secret": secret_of(endpoint)}
    return render(request, "webhooks/secret.html", shown)
