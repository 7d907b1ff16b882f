"""The books at a glance, and what is wrong with them."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from counterpoise.books import Rule
from counterpoise.books.schema import TABLES
from counterpoise.web import house
from counterpoise.web.access import user_of
from counterpoise.web.books_room.forms import PruneForm
from counterpoise.web.books_room.jobs import IMPORT
from counterpoise.web.books_room.models import Schedule
from counterpoise.web.books_room.snapshots import rows_aside, snapshot, snapshots
from counterpoise.web.books_room.who import importers, may_import
from counterpoise.web.results.jobs import REVIEW
from counterpoise.web.results.reading import latest
from counterpoise.web.work.models import ACTIVE, Job

_RECENT = 8
_PAGE = 50


@require_safe
def books(request: HttpRequest) -> HttpResponse:
    """Show the snapshot in use, those before it, what runs and what is scheduled."""
    every = snapshots(house.workspace())
    jobs = Job.objects.filter(kind__in=(IMPORT, REVIEW)).select_related("asked_by")
    shown = {
        "current": next((each for each in every if each.is_current), None),
        "snapshots": every,
        "running": list(jobs.filter(state__in=ACTIVE)),
        "recent": list(jobs.exclude(state__in=ACTIVE)[:_RECENT]),
        "schedules": list(Schedule.objects.select_related("source")),
        "review": latest(),
        "may_import": may_import(user_of(request)),
        "prune_form": PruneForm(),
    }
    return render(request, "facts/books.html", shown)


@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """Show what is wrong with a snapshot, and which spellings to take."""
    found = snapshot(house.workspace(), request.GET.get("snapshot", ""))
    if found is None:
        raise Http404
    aside = {(each.table, each.rule) for each in found.problems}
    shown = {
        "snapshot": found,
        "aside": aside,
        "may_import": may_import(user_of(request)),
    }
    return render(request, "facts/problems.html", shown)


@require_safe
@importers
def problem_rows(request: HttpRequest) -> HttpResponse:
    """Show the rows that a rule set aside from a table."""
    found = snapshot(house.workspace(), request.GET.get("snapshot", ""))
    table, rule = request.GET.get("table", ""), request.GET.get("rule", "")
    if found is None or table not in TABLES or rule not in set(Rule):
        raise Http404
    number = max(1, int(page)) if (page := request.GET.get("page", "")).isdigit() else 1
    part = (_PAGE, (min(number, 100_000) - 1) * _PAGE)
    rows, count = rows_aside(house.workspace(), found.id, table, rule, part)
    shown = {
        "snapshot": found,
        "table": table,
        "rule": rule,
        "rows": rows,
        "count": count,
        "page": Paginator(range(count), _PAGE).get_page(number),
    }
    return render(request, "facts/rows.html", shown)
