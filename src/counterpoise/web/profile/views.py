"""One's own account."""

from __future__ import annotations

from allauth.account.utils import perform_login
from allauth.account.views import password_reset as allauth_reset
from allauth.socialaccount.providers.openid_connect.views import login as oidc_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from counterpoise.web.access import user_of
from counterpoise.web.audit.entries import record
from counterpoise.web.profile.forms import PasswordForm, ProfileForm
from counterpoise.web.profile.links import LinkError, open_link, use_link

_GONE = 410


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change how others see a person."""
    user = user_of(request)
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            changed: list[str] = list(form.changed_data)
            record(user, "person.profile_changed", f"person:{user.pk}", {"fields": [*changed]})
        messages.success(request, "Saved.")
        return redirect("profile:profile")
    if form.errors:
        user.refresh_from_db()
    return render(request, "profile/profile.html", {"form": form})


@sensitive_post_parameters("password")
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Let an invited person choose a password and come in."""
    try:
        link = open_link(token)
        form = PasswordForm(link.user, request.POST or None)
        if request.method == "POST" and form.is_valid():
            user = use_link(token, form.cleaned_data["password"])
            return _sign_in(request, user)
    except LinkError as error:
        return render(request, "profile/link_gone.html", {"says": str(error)}, status=_GONE)
    shown = {"form": form, "invited": link.user}
    return render(request, "profile/invitation.html", shown)


@login_not_required
@never_cache
def forgot(request: HttpRequest) -> HttpResponseBase:
    """Send a link by mail, or say who can give one where the room sends no mail."""
    if settings.ROOM.mail is None:
        return render(request, "profile/forgot.html")
    answered: HttpResponseBase = allauth_reset(request)
    return answered


@login_not_required
@never_cache
def company_sign_in(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Leave for the company's own sign-in by a page of ours.

    Browsers hold a form to the policy through its redirects, so that a form could not lead there.
    """
    answered: HttpResponseBase = oidc_login(request, provider_id)
    leads_to = answered.headers.get("Location", "")
    if not leads_to.startswith(("https://", "http://")):
        return answered
    shown = render(request, "profile/leaving.html", {"leads_to": leads_to})
    shown.headers["Refresh"] = f"0; url={leads_to}"
    return shown


@login_not_required
def by_invitation(request: HttpRequest, **_given: str) -> HttpResponse:
    """Say that nobody signs up here."""
    return render(request, "account/signup_closed.html", status=403)


def _sign_in(request: HttpRequest, user: object) -> HttpResponseBase:
    """Sign a person in, by way of the second factor if they have one."""
    answered: HttpResponseBase = perform_login(
        request, user, email_verification=None, redirect_url="/"
    )
    return answered
