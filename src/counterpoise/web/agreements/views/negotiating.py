"""Negotiating: objections, counters, trades and exceptions, and the answers to them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from counterpoise.errors import CounterpoiseError
from counterpoise.web.access import user_of
from counterpoise.web.agreements import negotiation, proposals, reading, shelf
from counterpoise.web.agreements.models import Point, PointKind, Proposal, Wording
from counterpoise.web.agreements.negotiation import Asked
from counterpoise.web.agreements.rights import must_draft
from counterpoise.web.agreements.views.telling import act, refused

_EXCEPTION = """\
id: customer
when: {account_id: A17}
from: %s
until: %s
up_to: {%s: 10%%}
says: why
"""


def point(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show the form for a point about a clause; put it forward when it is sent."""
    user = user_of(request)
    must_draft(user)
    found = get_object_or_404(Proposal, pk=pk)
    wording = proposals.wording_of(found)
    if request.method == "POST":
        asked = _asked(request)
        try:
            negotiation.put_forward(user, found, asked)
        except CounterpoiseError as error:
            refused(request, error)
            return _page(request, found, wording, status=400)
        messages.success(request, _told(asked))
        return redirect(f"{reverse('agreements:proposal', args=[pk])}#{asked[0].clause}")
    return _page(request, found, wording)


def _page(
    request: HttpRequest, found: Proposal, wording: Wording, *, status: int = 200
) -> HttpResponseBase:
    sent = request.POST if request.method == "POST" else request.GET
    clause, other = sent.get("clause", "")[:300], sent.get("other", "")[:300]
    agreement = shelf.find(wording.fingerprint).agreement
    lines = list(reading.clauses_of(reading.contract_of(agreement)))
    line = next((each for each in lines if each.anchor == clause), None)
    force = agreement.in_force
    example = _EXCEPTION % (force.from_, force.until or force.from_, agreement.ladder[0])
    shown = {
        "tab": "proposals",
        "may_draft": True,
        "proposal": found,
        "wording": wording,
        "clause": clause,
        "line": line,
        "clauses": [each.anchor for each in lines],
        "kind": sent.get("kind", PointKind.COUNTER.value),
        "text": sent.get("text") or negotiation.clause_text(wording, clause),
        "exception": sent.get("exception") or example,
        "says": sent.get("says", "")[:2000],
        "other": other,
        "other_text": sent.get("other_text")
        or (negotiation.clause_text(wording, other) if other else ""),
    }
    return render(request, "agreements/point.html", shown, status=status)


def _of_proposal(pk: int, **_: Any) -> str:
    return reverse("agreements:proposal", args=[pk])


@act(_of_proposal)
def accept(request: HttpRequest, pk: int, point_id: int) -> HttpResponseBase:
    """Accept a counter; the proposal gets its next wording."""
    found = get_object_or_404(Point, pk=point_id, proposal_id=pk)
    made = negotiation.accept(user_of(request), found, request.POST.get("fingerprint", ""))
    messages.success(
        request, f"Accepted: wording {made.number}. Signatures under the former one are void."
    )
    return redirect("agreements:proposal", pk=pk)


@act(_of_proposal)
def decline(request: HttpRequest, pk: int, point_id: int) -> HttpResponseBase:
    """Decline a point."""
    negotiation.decline(user_of(request), get_object_or_404(Point, pk=point_id, proposal_id=pk))
    messages.success(request, "Declined.")
    return redirect("agreements:proposal", pk=pk)


@act(_of_proposal)
def withdraw(request: HttpRequest, pk: int, point_id: int) -> HttpResponseBase:
    """Withdraw one's own point."""
    negotiation.withdraw(user_of(request), get_object_or_404(Point, pk=point_id, proposal_id=pk))
    messages.success(request, "Withdrawn.")
    return redirect("agreements:proposal", pk=pk)


@act(_of_proposal)
def comment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say something to a proposal or to one of its points."""
    found = get_object_or_404(Proposal, pk=pk)
    sent = request.POST.get("point", "")
    about = None
    if sent.isascii() and sent.isdigit() and len(sent) < 10:
        about = get_object_or_404(Point, pk=int(sent), proposal=found)
    negotiation.comment(user_of(request), found, request.POST.get("says", ""), about)
    return redirect("agreements:proposal", pk=pk)


def _asked(request: HttpRequest) -> list[Asked]:
    sent = request.POST
    kind, clause, says = sent.get("kind", ""), sent.get("clause", ""), sent.get("says", "")
    if kind == PointKind.OBJECTION:
        return [Asked(PointKind.OBJECTION, clause, says=says)]
    if kind == PointKind.EXCEPTION:
        return [Asked(PointKind.EXCEPTION, clause, sent.get("exception", ""), says)]
    text = "" if "strike" in sent else sent.get("text", "")
    asked = [Asked(PointKind.COUNTER, clause, text, says)]
    if sent.get("other"):
        asked.append(Asked(PointKind.COUNTER, sent["other"], sent.get("other_text", ""), says))
    return asked


def _told(asked: list[Asked]) -> str:
    if len(asked) > 1:
        return "The trade is offered: both clauses change together, or neither."
    return {
        PointKind.OBJECTION: "Your objection stands beside the clause.",
        PointKind.COUNTER: "Your counter stands beside the clause. The other side answers it.",
        PointKind.EXCEPTION: "The exception is asked for. The other side answers it.",
    }[asked[0].kind]
