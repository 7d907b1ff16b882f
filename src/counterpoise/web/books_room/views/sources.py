"""What may be imported, and when it is imported by itself: for administrators."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from counterpoise.web import house
from counterpoise.web.access import administrators, user_of
from counterpoise.web.audit.entries import record
from counterpoise.web.books_room.forms import ScheduleForm, SourceForm
from counterpoise.web.books_room.models import Schedule, Source
from counterpoise.web.books_room.schedule import next_after
from counterpoise.web.books_room.sources import OF_SETTINGS, choices, shown


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def sources(request: HttpRequest) -> HttpResponse:
    """Show what may be imported; allow another."""
    form = SourceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.instance.allowed_by = user_of(request)
            made = form.save()
            record(user_of(request), "source.allowed", f"source:{made.pk}")
        messages.success(request, f"{made.name} may be imported.")
        return redirect("facts:sources")
    allowed = Source.objects.select_related("schedule")
    told = {
        "form": form,
        "allowed": [(each, shown(each.address)) for each in allowed],
        "of_settings": [each for each in choices() if each.key.startswith(OF_SETTINGS)],
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "facts/sources.html", told, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def source(request: HttpRequest, source_id: int) -> HttpResponse:
    """Show one source with its schedule; POST changes it, or no longer allows it."""
    found = get_object_or_404(Source.objects.select_related("schedule"), pk=source_id)
    is_removing = request.POST.get("act") == "remove"
    if request.method == "POST" and is_removing:
        with transaction.atomic():
            record(user_of(request), "source.removed", f"source:{found.pk}")
            found.delete()
        messages.success(request, f"{found.name} may no longer be imported.")
        return redirect("facts:sources")
    form = SourceForm(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            record(user_of(request), "source.changed", f"source:{found.pk}")
        messages.success(request, f"{found.name} is changed.")
        return redirect("facts:sources")
    planned = getattr(found, "schedule", None)
    initial = {"at": planned.at, "weekday": planned.weekday} if planned else {"at": "06:00"}
    told = {
        "form": form,
        "source": found,
        "planned": planned,
        "schedule_form": ScheduleForm(initial=initial),
        "zone": house.workspace().time_zone,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "facts/source.html", told, status=status)


@require_POST
@administrators
def schedule(request: HttpRequest, source_id: int) -> HttpResponse:
    """Say when a source is imported by itself, or never."""
    found = get_object_or_404(Source, pk=source_id)
    if request.POST.get("act") == "never":
        with transaction.atomic():
            Schedule.objects.filter(source=found).delete()
            record(user_of(request), "schedule.removed", f"source:{found.pk}")
        messages.success(request, f"{found.name} is no longer imported by itself.")
        return redirect("facts:source", found.pk)
    form = ScheduleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say at what time, such as 06:00.")
        return redirect("facts:source", found.pk)
    at, weekday = form.cleaned_data["at"], form.cleaned_data["weekday"]
    due = next_after(timezone.now(), at, weekday, house.workspace().time_zone)
    with transaction.atomic():
        Schedule.objects.update_or_create(
            source=found, defaults={"at": at, "weekday": weekday, "next_at": due}
        )
        told = {"at": at.isoformat(), "weekday": weekday}
        record(user_of(request), "schedule.set", f"source:{found.pk}", told)
    messages.success(request, f"{found.name} is imported by itself from now on.")
    return redirect("facts:source", found.pk)
