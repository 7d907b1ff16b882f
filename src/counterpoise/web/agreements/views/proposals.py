"""Proposals: what is put before both sides, and the acts of proposing, withdrawing and signing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from counterpoise.agreement import AgreementError, Side, VersionsError
from counterpoise.agreement.comparing import compare as compare_meaning
from counterpoise.web.access import signers_of, user_of
from counterpoise.web.agreements import (
    confirming,
    negotiation,
    proposals,
    reading,
    shelf,
    signing,
)
from counterpoise.web.agreements.conflict import DiffLine, differing
from counterpoise.web.agreements.models import (
    Comment,
    Draft,
    Point,
    PointKind,
    Proposal,
    Signature,
    SignatureState,
)
from counterpoise.web.agreements.rights import may_draft, must_sign_for
from counterpoise.web.agreements.views.telling import act
from counterpoise.web.people.models import User
from counterpoise.web.places import offered
from counterpoise.web.shell.viewing import viewer_side

A_PAGE = 25
"""Proposals on one page of their list."""


def proposal_list(request: HttpRequest) -> HttpResponseBase:
    """Show every proposal, the latest first."""
    found = Proposal.objects.select_related("proposed_by", "closed_by")
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    shown = {
        "tab": "proposals",
        "may_draft": may_draft(user_of(request)),
        "page": page,
        "proposals": page.object_list,
    }
    return render(request, "agreements/proposals.html", shown)


@dataclass(frozen=True)
class Note:
    """A point beside its clause, with what is said to it and what this person may do."""

    point: Point
    comments: tuple[Comment, ...]
    may_answer: bool
    may_accept: bool
    may_withdraw: bool
    together: tuple[str, ...]

    @property
    def lines(self) -> list[DiffLine]:
        """Return how the text that is asked for differs from what the clause said."""
        return differing(self.point.instead_of, self.point.text)


@dataclass(frozen=True)
class SideSignature:
    """Whether a side has signed, and whether this person may."""

    side: str
    signature: Signature | None
    may_sign: bool
    is_mine: bool


def proposal(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show a proposal: the contract with what is said to its clauses, and who has signed."""
    found = get_object_or_404(
        Proposal.objects.select_related("proposed_by", "closed_by", "draft"), pk=pk
    )
    user = user_of(request)
    wording = proposals.wording_of(found)
    shelved = shelf.find(wording.fingerprint)
    notes = _notes(found, user)
    contract = reading.contract_of(shelved.agreement, notes)
    anchors = {line.anchor for line in reading.clauses_of(contract)}
    loose = [note for clause, given in notes.items() if clause not in anchors for note in given]
    shown = {
        "tab": "proposals",
        "proposal": found,
        "wording": wording,
        "wordings": found.wordings.select_related("made_by").defer("text"),
        "shelved": shelved,
        "agreement": shelved.agreement,
        "contract": contract,
        "loose": loose,
        "comments": found.comments.filter(point=None).select_related("made_by"),
        "signatures": list(_signatures(found, user)),
        "voided": found.signatures.exclude(state=SignatureState.STANDS).select_related("signer"),
        "former": _former(shelved),
        "may_draft": may_draft(user),
        "negotiable": found.is_open and may_draft(user),
        "may_withdraw": proposals.may_withdraw(user, found),
        "needs_password": confirming.needs_password(request),
        "viewer_side": viewer_side(request),
        "beside": [
            part(user, found, shelved.agreement, wording.fingerprint)
            for part in offered("beside", "beside_proposal")
        ],
    }
    return render(request, "agreements/proposal.html", shown)


def _of_proposal(pk: int, **_: Any) -> str:
    return reverse("agreements:proposal", args=[pk])


@act(lambda: reverse("agreements:drafts"))
def propose(request: HttpRequest) -> HttpResponseBase:
    """Put a draft's revision before both sides."""
    user = user_of(request)
    sent = [request.POST.get(name, "") for name in ("draft", "revision")]
    if not all(each.isascii() and each.isdigit() and len(each) < 10 for each in sent):
        raise proposals.ProposalError("name the draft and its revision")
    found = get_object_or_404(Draft, pk=int(sent[0]))
    get_object_or_404(found.revisions, number=int(sent[1]))
    made = proposals.propose(user, found, int(sent[1]), request.POST.get("says", ""))
    messages.success(request, "Proposed. Both sides can read, counter and sign it now.")
    return redirect("agreements:proposal", pk=made.pk)


@act(_of_proposal)
def withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Withdraw a proposal."""
    proposals.withdraw(user_of(request), get_object_or_404(Proposal, pk=pk))
    messages.success(request, "Withdrawn. Nothing of it binds anybody.")
    return redirect("agreements:proposal", pk=pk)


@act(_of_proposal)
def sign(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Sign a proposal for a side."""
    user, found = user_of(request), get_object_or_404(Proposal, pk=pk)
    sent = request.POST.get("side", "")
    if sent not in {Side.SALES.value, Side.MARKETING.value}:
        raise signing.SigningError("name the side for which you sign: sales or marketing")
    must_sign_for(user, Side(sent))
    confirming.confirm(request, request.POST.get("password", ""))
    ratified = signing.sign(user, found, Side(sent), request.POST.get("fingerprint", ""))
    if ratified is None:
        messages.success(request, f"Signed for {sent}. It takes effect when the other side signs.")
        return redirect("agreements:proposal", pk=pk)
    messages.success(request, "Ratified: both sides signed the same wording.")
    return redirect("agreements:version", fingerprint=ratified.fingerprint)


@act(_of_proposal)
def take_back(request: HttpRequest, pk: int, signature: int) -> HttpResponseBase:
    """Take one's own signature back."""
    found = get_object_or_404(Signature, pk=signature, proposal_id=pk)
    signing.take_back(user_of(request), found)
    messages.success(request, "Your signature is taken back.")
    return redirect("agreements:proposal", pk=pk)


def _notes(found: Proposal, user: User) -> dict[str, list[object]]:
    """Return the points of a proposal by their clauses."""
    points = list(found.points.select_related("made_by", "decided_by"))
    said: dict[int, list[Comment]] = defaultdict(list)
    for comment in found.comments.exclude(point=None).select_related("made_by"):
        said[comment.point_id or 0].append(comment)
    trades: dict[int, list[Point]] = defaultdict(list)
    for point in points:
        if point.trade_id is not None:
            trades[point.trade_id].append(point)
    notes: dict[str, list[object]] = defaultdict(list)
    for point in points:
        answers = found.is_open and point.is_open and negotiation.may_answer(user, point)
        others = trades[point.trade_id] if point.trade_id is not None else []
        notes[point.clause].append(
            Note(
                point,
                tuple(said[point.pk]),
                answers,
                answers and point.kind != PointKind.OBJECTION,
                found.is_open and point.is_open and point.made_by_id == user.pk,
                tuple(each.clause for each in others if each.pk != point.pk),
            )
        )
    return notes


def _signatures(found: Proposal, user: User) -> list[SideSignature]:
    standing = {each.side: each for each in signing.standing_of(found)}
    mine = {each.side for each in found.signatures.all() if each.signer_id == user.pk}
    sides = signers_of(user)
    return [
        SideSignature(
            side.value,
            standing.get(side.value),
            found.is_open
            and side in sides
            and side.value not in standing
            and not mine - {side.value},
            side.value in standing and standing[side.value].signer_id == user.pk,
        )
        for side in (Side.SALES, Side.MARKETING)
    ]


@dataclass(frozen=True)
class Former:
    """The version that this one would follow, and what would change by meaning."""

    shelved: shelf.Shelved
    changes: tuple[object, ...]


def _former(new: shelf.Shelved) -> Former | None:
    """Return what the version in force says otherwise."""
    try:
        known = shelf.versions()
    except (AgreementError, VersionsError):
        return None
    version = known.on(reading.today()) or known.latest
    if version is None or version.fingerprint == new.fingerprint:
        return None
    return Former(
        shelf.of_version(version), tuple(compare_meaning(version.agreement, new.agreement))
    )
