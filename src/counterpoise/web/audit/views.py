"""Pages about the trail, for administrators."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from counterpoise.web.access import administrators, user_of
from counterpoise.web.audit.checking import check
from counterpoise.web.audit.entries import head
from counterpoise.web.audit.forms import SearchForm
from counterpoise.web.audit.models import Check, Entry
from counterpoise.web.audit.reading import entries, shown

_PAGE = 50


@administrators
def trail(request: HttpRequest) -> HttpResponse:
    """Show entries, the newest first, and whether the trail was whole when last looked at."""
    form = SearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = entries(wanted) if form.is_valid() else Entry.objects.none()
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "audit/trail.html",
        {
            "form": form,
            "is_searched": any(value not in {"", None} for value in wanted.values()),
            "page": page,
            "rows": shown(page.object_list),
            "check": Check.objects.first(),
            "head": head(),
        },
    )


@administrators
@require_POST
def verification(request: HttpRequest) -> HttpResponse:
    """Verify the whole trail now."""
    found = check(user_of(request))
    if found.findings:
        messages.error(request, "The trail is not what was written.")
    else:
        messages.success(request, f"All {found.entries} entries are as they were written.")
    return redirect("audit:trail")
