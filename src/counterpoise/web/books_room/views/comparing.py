"""Why a figure of a past quarter is another now."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from counterpoise.web import house
from counterpoise.web.access import user_of
from counterpoise.web.books_room.jobs import COMPARE
from counterpoise.web.books_room.snapshots import snapshots
from counterpoise.web.work.jobs import JobRunningError, start_job
from counterpoise.web.work.models import Job, JobState


@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: HttpRequest) -> HttpResponse:
    """Show how two snapshots differ once a job has compared them; POST asks for the job."""
    every = snapshots(house.workspace())
    asked = request.POST if request.method == "POST" else request.GET
    old, new = asked.get("old", ""), asked.get("new", "")
    known = {each.id for each in every}
    if not {old, new} <= known:
        if old or new:
            raise Http404
        return render(request, "facts/compare.html", {"snapshots": every})
    key = f"{COMPARE}:{old}:{new}"
    if request.method == "POST":
        _ask(request, key, old, new)
        return redirect(f"{request.path}?old={old}&new={new}")
    done = Job.objects.filter(key=key).first()
    shown = {"snapshots": every, "old": old, "new": new, "job": done}
    if done and done.state == JobState.DONE and done.result:
        shown |= {
            "found": done.result,
            "changed": [q for q in done.result["quarters"] if q["causes"]],
        }
    return render(request, "facts/compare.html", shown)


def _ask(request: HttpRequest, key: str, old: str, new: str) -> None:
    if Job.objects.filter(key=key, state=JobState.DONE).exists():
        return
    try:
        start_job(COMPARE, {"old": old, "new": new}, key=key, asked_by=user_of(request))
    except JobRunningError:
        return
