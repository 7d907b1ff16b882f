"""Change which facts are in use."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from counterpoise.books import ImportRunningError
from counterpoise.books.accepted import read_accepted, with_suggestions, write_accepted
from counterpoise.books.snapshot import use_snapshot
from counterpoise.web import house
from counterpoise.web.access import administrators, user_of
from counterpoise.web.audit.entries import record
from counterpoise.web.books_room.forms import PruneForm
from counterpoise.web.books_room.jobs import IMPORT, prune_snapshots
from counterpoise.web.books_room.snapshots import snapshot
from counterpoise.web.books_room.who import importers
from counterpoise.web.results.jobs import ask_for_review
from counterpoise.web.work.jobs import JobRunningError, start_job
from counterpoise.web.work.models import Job, JobState


@require_POST
@administrators
def use(request: HttpRequest, snapshot_id: str) -> HttpResponse:
    """Put a former snapshot in use again."""
    workspace = house.workspace()
    found, former = snapshot(workspace, snapshot_id), snapshot(workspace)
    if found is None or former is None:
        raise Http404
    try:
        with transaction.atomic():
            told = {"former": former.id}
            record(user_of(request), "books.went_back", f"snapshot:{found.id}", told)
            use_snapshot(workspace, found.id, now=timezone.now)
        ask_for_review()
    except ImportRunningError:
        messages.error(request, "An import is under way; wait for it to end.")
    else:
        messages.success(request, f"Snapshot {found.id} is in use again.")
    return redirect("facts:books")


@require_POST
@administrators
def prune(request: HttpRequest) -> HttpResponse:
    """Remove old snapshots."""
    form = PruneForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say how many snapshots to keep, at least one.")
        return redirect("facts:books")
    try:
        removed = prune_snapshots(form.cleaned_data["keep"], user_of(request))
    except ImportRunningError:
        messages.error(request, "An import is under way; wait for it to end.")
    else:
        messages.success(request, f"Removed: {len(removed)}.")
    return redirect("facts:books")


@require_POST
@importers
def accept_spellings(request: HttpRequest) -> HttpResponse:
    """Take the chosen spellings, and import the last source again so that they count."""
    workspace = house.workspace()
    found = snapshot(workspace)
    if found is None:
        raise Http404
    chosen = set(request.POST.getlist("spelling"))
    taken = [each for at, each in enumerate(found.suggestions) if str(at) in chosen]
    if not taken or request.POST.get("snapshot") != found.id:
        messages.error(request, "Choose at least one spelling of the books in use.")
        return redirect("facts:problems")
    last = Job.objects.filter(kind=IMPORT, state=JobState.DONE).first()
    user = user_of(request)
    with transaction.atomic():
        record(user, "books.spellings_accepted", f"snapshot:{found.id}", {"count": len(taken)})
        write_accepted(workspace, with_suggestions(read_accepted(workspace), taken))
    if last is None:
        messages.success(request, "Taken; the next import counts with them.")
        return redirect("facts:books")
    try:
        started = start_job(IMPORT, {**last.arguments, "accept": False}, asked_by=user)
    except JobRunningError:
        messages.success(request, "Taken; the import after the one under way counts with them.")
        return redirect("facts:books")
    return redirect("facts:job", started.pk)
