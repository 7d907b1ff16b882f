"""Editing a draft: section by section in tables, or the whole as YAML, checked as one types."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from counterpoise.agreement import AgreementError
from counterpoise.agreement.editing import Sheet
from counterpoise.web.access import user_of
from counterpoise.web.agreements import drafts
from counterpoise.web.agreements.checking import LONGEST_TEXT, Check, check
from counterpoise.web.agreements.conflict import conflict_of
from counterpoise.web.agreements.forms.sections import SECTIONS, Section
from counterpoise.web.agreements.forms.table import Table
from counterpoise.web.agreements.models import Draft, Revision
from counterpoise.web.agreements.rights import must_draft
from counterpoise.web.agreements.views.telling import refused


def text(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show a draft as YAML; check or store what was sent."""
    must_draft(user_of(request))
    found = get_object_or_404(Draft, pk=pk)
    latest = drafts.latest(found)
    if request.method != "POST":
        return _text_page(request, found, latest.text, latest.number, check(latest.text))
    written = _text_of(request)
    base = _number(request.POST.get("revision"))
    if request.POST.get("act") == "check":
        return _text_page(request, found, written, base, check(written))
    return _store(request, found, base, written, None)


@require_POST
def check_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what is wrong with the text of a draft, as one types; nothing is stored."""
    must_draft(user_of(request))
    shown = {"check": check(_text_of(request)), "draft": get_object_or_404(Draft, pk=pk)}
    return render(request, "agreements/_findings.html", shown)


def section(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """Show a section of a draft as a table; change its rows, check, or store what was sent."""
    must_draft(user_of(request))
    if name not in SECTIONS:
        raise Http404("there is no such section")
    found, shape = get_object_or_404(Draft, pk=pk), SECTIONS[name]
    base = found.revision
    if request.method == "POST":
        base = _number(request.POST.get("revision"))
    once = found.revisions.filter(number=base).first() or drafts.latest(found)
    try:
        sheet = Sheet.open(once.text)
    except AgreementError:
        messages.error(request, "The text must be put right before its tables can be shown.")
        return _text_page(request, found, once.text, once.number, check(once.text))
    if request.method != "POST":
        table = Table.stored(shape, sheet)
        return _section_page(request, found, once, table, check(once.text))
    return _sent(request, found, once, sheet, shape)


def _sent(
    request: HttpRequest, found: Draft, once: Revision, sheet: Sheet, shape: Section
) -> HttpResponseBase:
    act = request.POST.get("act", "")
    table = Table.sent(shape, request.POST)
    if act not in {"store", "check"}:
        changed = table.with_pair(request.POST.get("pair", "")) if act == "pair" else table
        return _section_page(request, found, once, changed.after(act), None)
    table.put(sheet)
    written = sheet.write()
    if act == "store":
        return _store(request, found, once.number, written, shape)
    checked = check(written)
    if getattr(request, "htmx", False):
        shown = {"check": checked, "draft": found}
        return render(request, "agreements/_findings.html", shown)
    return _section_page(request, found, once, table, checked)


def _store(
    request: HttpRequest, found: Draft, base: int, written: str, shape: Section | None
) -> HttpResponseBase:
    says = f"changed {shape.title.lower()}" if shape else "changed the text"
    once = found.revisions.filter(number=base).first()
    if once is not None and once.text == written and found.revision == base:
        messages.info(request, "Nothing was changed.")
        return _after(found, shape)
    try:
        stored = drafts.store(user_of(request), found, base, written, says)
    except drafts.StaleDraftError as error:
        path = shape.path if shape else None
        conflict = conflict_of(error, once.text if once else "", written, path)
        shown = {"draft": found, "conflict": conflict, "tab": "drafts", "may_draft": True}
        return render(request, "agreements/conflict.html", shown, status=409)
    except drafts.DraftError as error:
        refused(request, error)
        checked = check(written)
        return _text_page(request, found, written[: LONGEST_TEXT + 1], base, checked, status=400)
    messages.success(request, f"Stored as revision {stored.number}.")
    return _after(found, shape)


def _after(found: Draft, shape: Section | None) -> HttpResponse:
    if shape is None:
        return redirect("agreements:text", pk=found.pk)
    return redirect("agreements:section", pk=found.pk, name=shape.name)


def _text_page(
    request: HttpRequest,
    found: Draft,
    written: str,
    base: int,
    checked: Check,
    *,
    status: int = 200,
) -> HttpResponse:
    shown = _about(found, base) | {"text": written, "check": checked}
    return render(request, "agreements/text.html", shown, status=status)


def _section_page(
    request: HttpRequest, found: Draft, once: Revision, table: Table, checked: Check | None
) -> HttpResponse:
    findings = checked.findings if checked else ()
    told = table.with_findings((each.clause, each.says) for each in findings if each.is_problem)
    names = list(SECTIONS)
    at = names.index(table.section.name)
    shown = _about(found, once.number) | {
        "table": told,
        "section": table.section,
        "rows": [(row, list(told.cells(at))) for at, row in enumerate(told.rows)],
        "check": checked,
        "before": SECTIONS[names[at - 1]] if at else None,
        "after": SECTIONS[names[at + 1]] if at + 1 < len(names) else None,
    }
    return render(request, "agreements/section.html", shown)


def _about(found: Draft, base: int) -> dict[str, Any]:
    return {"tab": "drafts", "may_draft": True, "draft": found, "base": base}


def _text_of(request: HttpRequest) -> str:
    return request.POST.get("text", "").replace("\r\n", "\n")


def _number(sent: str | None) -> int:
    return int(sent) if sent and sent.isascii() and sent.isdigit() and len(sent) < 9 else 0
