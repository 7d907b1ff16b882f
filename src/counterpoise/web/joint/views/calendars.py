"""Calendars: one review as a file, and a person's feed by a secret link."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from counterpoise.web.access import user_of
from counterpoise.web.joint import calendar, feeds
from counterpoise.web.joint.models import Feed, JointReview
from counterpoise.web.joint.views.finding import found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """Show whether one has a link for calendars, and make one anew, which is shown once."""
    user, address = user_of(request), ""
    if request.method == "POST":
        token = feeds.make_link(user)
        address = request.build_absolute_uri(reverse("joint:feed", args=[token]))
    kept = Feed.objects.filter(user=user).first()
    return render(request, "joint/calendar.html", {"address": address, "feed": kept})


@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    """Let one's link open nothing any more."""
    feeds.drop_link(user_of(request))
    messages.success(request, "The link opens nothing any more.")
    return redirect("joint:link")


@login_not_required
@never_cache
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Return a person's calendar to whoever has the link."""
    user = feeds.whose(token)
    if user is None:
        raise Http404("no such calendar")
    text = calendar.calendar_of(user, request.build_absolute_uri)
    return HttpResponse(text, content_type=calendar.CONTENT_TYPE)


@require_safe
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """Return one review as a file for a calendar."""
    kept = found(JointReview, pk)
    text = calendar.calendar_of_one(kept, request.build_absolute_uri)
    name = f"joint-review-{timezone.localdate(kept.starts_at).isoformat()}.ics"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type=calendar.CONTENT_TYPE, headers=headers)
