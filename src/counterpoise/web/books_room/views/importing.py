"""Bring facts in, and watch how far it is."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from counterpoise.web.access import user_of
from counterpoise.web.books_room.forms import ImportForm
from counterpoise.web.books_room.jobs import COMPARE, IMPORT
from counterpoise.web.books_room.uploads import UploadError, keep_upload
from counterpoise.web.books_room.who import importers
from counterpoise.web.results.jobs import REVIEW
from counterpoise.web.work.jobs import JobRunningError, kinds, start_job
from counterpoise.web.work.models import Job


@require_http_methods(["GET", "HEAD", "POST"])
@importers
def new_import(request: HttpRequest) -> HttpResponse:
    """Ask what to import; start it."""
    is_sent = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if is_sent else ImportForm()
    if is_sent and form.is_valid():
        answer = _started(request, form)
        if answer is not None:
            return answer
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "facts/import.html", {"form": form}, status=status)


def _started(request: HttpRequest, form: ImportForm) -> HttpResponse | None:
    asked = {name: form.cleaned_data[name] for name in ("source", "adapter", "accept")}
    try:
        if form.cleaned_data["files"]:
            asked["upload"] = keep_upload(form.cleaned_data["files"])
        started = start_job(IMPORT, asked, asked_by=user_of(request))
    except UploadError as error:
        form.add_error("files", str(error))
        return None
    except JobRunningError as error:
        messages.warning(request, "An import is under way; wait for it to end.")
        return redirect("facts:job", error.running.pk) if error.running else redirect("facts:books")
    return redirect("facts:job", started.pk)


@require_safe
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """Show how far a job is, or what came of it; the page asks again until it ends."""
    shown_kinds = (IMPORT, REVIEW, COMPARE)
    found = get_object_or_404(
        Job.objects.select_related("asked_by"), pk=job_id, kind__in=shown_kinds
    )
    shown = {"job": found, "title": kinds()[found.kind].title}
    part = request.headers.get("HX-Request") and found.is_active
    return render(request, "facts/_job.html" if part else "facts/job.html", shown)
