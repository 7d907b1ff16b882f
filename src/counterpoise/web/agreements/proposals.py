"""Proposals: a draft's revision frozen as a wording that both sides can sign, and withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from pydantic import JsonValue

from counterpoise.errors import CounterpoiseError
from counterpoise.web.agreements import reading, shelf
from counterpoise.web.agreements.checking import check
from counterpoise.web.agreements.models import (
    Draft,
    DraftState,
    Proposal,
    ProposalState,
    Revision,
    Signature,
    SignatureState,
    Wording,
)
from counterpoise.web.agreements.rights import may_draft, must_draft
from counterpoise.web.audit.entries import record

if TYPE_CHECKING:
    from counterpoise.agreement import Agreement
    from counterpoise.web.people.models import User


class ProposalError(CounterpoiseError):
    """A proposal cannot be made, changed or signed."""


class ProposalClosedError(ProposalError):
    """A proposal is not open any more."""

    def __init__(self, proposal: Proposal) -> None:
        who = f" by {proposal.closed_by.name}" if proposal.closed_by else ""
        super().__init__(f"this proposal was {proposal.state}{who}; it cannot be changed any more")


class WordingChangedError(ProposalError):
    """What a person read is not what stands there now."""

    def __init__(self, now: Wording) -> None:
        super().__init__(
            f"the wording was changed while you read it; it is wording {now.number}, fingerprint "
            f"{now.short} now. Read it before you go on"
        )
        self.now = now


def propose(user: User, draft: Draft, number: int, says: str) -> Proposal:
    """Put a draft's revision before both sides.

    Raises:
        NotForYouError: If the person may not draft.
        ProposalError: If the revision is not the latest, or cannot be an agreement.
        VersionsError: If it cannot stand beside what is ratified.
    """
    must_draft(user)
    text = Revision.objects.get(draft=draft, number=number).text
    agreement, fingerprint = readable(text)
    check_start(agreement)
    shelf.check_place(agreement)
    with transaction.atomic():
        held = Draft.objects.select_for_update().get(pk=draft.pk)
        if held.revision != number or held.state != DraftState.OPEN:
            raise ProposalError(
                f"the draft is at revision {held.revision} now; read it and propose that one"
            )
        _refuse_twin(fingerprint)
        made = Proposal.objects.create(
            draft=held,
            draft_revision=number,
            title=agreement.title[:200],
            says=says.strip()[:2000],
            proposed_by=user,
        )
        Wording.objects.create(
            proposal=made,
            number=1,
            text=text,
            fingerprint=fingerprint,
            says="as proposed",
            made_by=user,
        )
        detail: dict[str, JsonValue] = {
            "fingerprint": fingerprint,
            "draft": held.pk,
            "revision": number,
        }
        record(user, "agreement.proposed", f"proposal:{made.pk}", detail)
    return made


def withdraw(user: User, proposal: Proposal) -> None:
    """Withdraw a proposal that is open.

    Raises:
        NotForYouError: If the person may not draft.
        ProposalClosedError: If it is not open any more.
    """
    must_draft(user)
    with transaction.atomic():
        held = hold(proposal)
        void_signatures(held)
        close(held, ProposalState.WITHDRAWN, user)
        record(user, "agreement.withdrawn", f"proposal:{held.pk}")


def hold(proposal: Proposal) -> Proposal:
    """Lock a proposal until the transaction ends; whoever comes second sees what the first did.

    Raises:
        ProposalClosedError: If it is not open any more.
    """
    held = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if not held.is_open:
        raise ProposalClosedError(held)
    return held


def close(held: Proposal, state: ProposalState, user: User) -> None:
    """End a proposal that is held.

    Raises:
        ProposalClosedError: If it is not open any more.
    """
    mine = Proposal.objects.filter(pk=held.pk, state=ProposalState.OPEN)
    if not mine.update(state=state, closed_by=user, closed_at=timezone.now()):
        raise ProposalClosedError(Proposal.objects.get(pk=held.pk))


def wording_of(proposal: Proposal) -> Wording:
    """Return the wording of a proposal that can be signed."""
    return Wording.objects.select_related("made_by").get(proposal=proposal, number=proposal.wording)


def reword(held: Proposal, text: str, user: User, says: str) -> Wording:
    """Give a proposal that is held its next wording; signatures under the former are void.

    Raises:
        ProposalError: If the text cannot be an agreement, or means what the former did.
    """
    agreement, fingerprint = readable(text)
    if fingerprint == wording_of(held).fingerprint:
        raise ProposalError("this changes nothing: the wording means the same as before")
    void_signatures(held)
    made = Wording.objects.create(
        proposal=held,
        number=held.wording + 1,
        text=text,
        fingerprint=fingerprint,
        says=says[:2000],
        made_by=user,
    )
    Proposal.objects.filter(pk=held.pk).update(wording=made.number, title=agreement.title[:200])
    held.wording = made.number
    return made


def void_signatures(held: Proposal) -> None:
    """Let no signature of a proposal stand."""
    Signature.objects.filter(proposal=held, state=SignatureState.STANDS).update(
        state=SignatureState.VOID
    )


def readable(text: str) -> tuple[Agreement, str]:
    """Return the agreement of a text, and its fingerprint.

    Raises:
        ProposalError: If something stands in the way, all of it named.
    """
    found = check(text)
    if found.agreement is None:
        listed = "; ".join(
            f"line {each.line}: {each.clause}: {each.says}" if each.line else each.says
            for each in found.problems[:5]
        )
        raise ProposalError(f"this cannot be an agreement yet: {listed}")
    return found.agreement, found.fingerprint


def check_start(agreement: Agreement) -> None:
    """Refuse an agreement that would bind people on days that are over.

    Raises:
        ProposalError: If it starts before today and is not only measured against.
    """
    force, today = agreement.in_force, reading.today()
    if force.from_ < today and not force.measured_against:
        raise ProposalError(
            f"it starts on {force.from_}, and today is {today}: it would bind people on days on "
            f"which they had not agreed. Let in_force.from be {today} or later"
        )


def may_withdraw(user: User, proposal: Proposal) -> bool:
    """Tell whether a person may withdraw a proposal."""
    return proposal.is_open and may_draft(user)


def _refuse_twin(fingerprint: str) -> None:
    twin = Proposal.objects.filter(
        state=ProposalState.OPEN, wordings__fingerprint=fingerprint
    ).first()
    if twin is not None:
        raise ProposalError(f"the same wording is proposed already, as proposal {twin.pk}")
