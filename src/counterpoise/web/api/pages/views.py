"""Pages about tokens: one's own, and all of them for administrators."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from counterpoise.web.access import administrators, user_of
from counterpoise.web.api.models import Token
from counterpoise.web.api.pages.forms import TokenForm
from counterpoise.web.api.pages.standing import standing_of
from counterpoise.web.api.tokens import TokenRefusedError, mint, revoke

_A_PAGE = 50


@never_cache
def own_tokens(request: HttpRequest) -> HttpResponse:
    """Show one's own tokens; make another, whose secret is shown this once."""
    form = TokenForm(user_of(request), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = mint(user_of(request), form.wanted())
        except TokenRefusedError as error:
            form.add_error(None, str(error))
        else:
            shown = {"made": made.token, "secret": made.secret}
            return render(request, "tokens/made.html", shown)
    tokens = Token.objects.filter(user=user_of(request))
    shown = {"form": form, "standing": standing_of(tokens, timezone.localdate())}
    return render(request, "tokens/own.html", shown, status=422 if form.errors else 200)


@require_safe
@administrators
def all_tokens(request: HttpRequest) -> HttpResponse:
    """Show everybody's tokens."""
    tokens = Token.objects.select_related("user")
    page = Paginator(tokens, _A_PAGE).get_page(request.GET.get("page"))
    standing = standing_of(page.object_list, timezone.localdate())
    return render(request, "tokens/all.html", {"page": page, "standing": standing})


@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a token back; administrators take back anybody's."""
    user = user_of(request)
    open_to = Token.objects.all() if user.is_administrator else Token.objects.filter(user=user)
    token = get_object_or_404(open_to, pk=pk)
    if revoke(user, token):
        messages.success(request, f"“{token.name}” is revoked and opens nothing any more.")
    return redirect("tokens:own" if token.user_id == user.pk else "tokens:all")
