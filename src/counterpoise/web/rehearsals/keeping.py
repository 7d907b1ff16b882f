"""Rehearsals as they are kept: candidates added and taken away, attached, and made a draft."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from pydantic import JsonValue

from counterpoise.errors import CounterpoiseError
from counterpoise.rehearse.results import Behaviour
from counterpoise.web.agreements import drafts, reading
from counterpoise.web.agreements.models import (
    Draft,
    DraftState,
    Origin,
    Proposal,
    ProposalState,
)
from counterpoise.web.audit.entries import record
from counterpoise.web.rehearsals import estimating
from counterpoise.web.rehearsals.models import (
    LONGEST_NAME,
    LONGEST_TITLE,
    MOST_CANDIDATES,
    Attachment,
    Candidate,
    Rehearsal,
)
from counterpoise.web.rehearsals.rights import must_rehearse
from counterpoise.web.rehearsals.trial import Trial, parsed, text_of
from counterpoise.web.results.reading import latest

if TYPE_CHECKING:
    from counterpoise.web.people.models import User


class RehearsalError(CounterpoiseError):
    """A candidate cannot be kept, attached or taken away."""


def keep(user: User, trial: Trial, name: str, title: str = "") -> Candidate:
    """Keep a trial as a candidate of its rehearsal, or of a new one.

    Raises:
        NotForYouError: If the person may not.
        RehearsalError: If a rate cannot be read, nothing was moved, four are kept, or it is there.
    """
    must_rehearse(user)
    if not trial.sheet.is_sound:
        raise RehearsalError("some rates cannot be read; mend those that are marked")
    if not trial.sheet.moved:
        raise RehearsalError("nothing is moved yet; move a rate, then keep it")
    with transaction.atomic():
        rehearsal = trial.rehearsal or _started(user, trial, title)
        held = Rehearsal.objects.select_for_update().get(pk=rehearsal.pk)
        made = _added(user, held, trial, name)
        detail: dict[str, JsonValue] = {"candidate": made.number, "rules": made.rules}
        record(user, "rehearsal.kept", f"rehearsal:{held.pk}", detail)
    return made


def remove(user: User, candidate: Candidate) -> None:
    """Take a candidate away that nobody attached to anything.

    Raises:
        NotForYouError: If the person may not.
        RehearsalError: If it is attached.
    """
    must_rehearse(user)
    with transaction.atomic():
        held = Rehearsal.objects.select_for_update().get(pk=candidate.rehearsal_id)
        if candidate.attachments.exists():
            raise RehearsalError(
                "signers see this candidate beside a draft or a proposal; take it off there first"
            )
        number = candidate.number
        candidate.delete()
        record(user, "rehearsal.removed", f"rehearsal:{held.pk}", {"candidate": number})


def attach(
    user: User, candidate: Candidate, to: Draft | Proposal, behaviour: Behaviour
) -> Attachment:
    """Lay a candidate beside a draft or a proposal; doing so twice is doing it once.

    Raises:
        NotForYouError: If the person may not.
        RehearsalError: If the draft or the proposal is closed.
    """
    must_rehearse(user)
    is_draft = isinstance(to, Draft)
    if to.state not in {DraftState.OPEN.value, ProposalState.OPEN.value}:
        raise RehearsalError("it is closed; nothing can be attached to it any more")
    where = {"draft": to} if is_draft else {"proposal": to}
    with transaction.atomic():
        made, is_new = Attachment.objects.get_or_create(
            candidate=candidate,
            **where,
            defaults={"attached_by": user, "behaviour": behaviour.value},
        )
        if is_new:
            _ask_for_estimate(user, candidate, behaviour)
            kind = "draft" if is_draft else "proposal"
            detail = {"rehearsal": candidate.rehearsal_id, "candidate": candidate.number}
            record(user, "rehearsal.attached", f"{kind}:{to.pk}", detail)
    return made


def detach(user: User, attachment: Attachment) -> None:
    """Take a candidate off a draft or a proposal that is open.

    Raises:
        NotForYouError: If the person may not.
        RehearsalError: If a proposal of it is closed: it stays what signers saw.
    """
    must_rehearse(user)
    seen = Proposal.objects.exclude(state=ProposalState.OPEN)
    if seen.filter(Q(pk=attachment.proposal_id) | Q(draft=attachment.draft_id)).exists():
        raise RehearsalError("the proposal is closed; what signers saw stays beside it")
    kind = "draft" if attachment.draft_id else "proposal"
    subject = f"{kind}:{attachment.draft_id or attachment.proposal_id}"
    with transaction.atomic():
        attachment.delete()
        record(user, "rehearsal.detached", subject, {"candidate": attachment.candidate_id})


def make_draft(user: User, candidate: Candidate, behaviour: Behaviour) -> Draft:
    """Start a draft from a candidate, to be proposed, with the rehearsal attached.

    It starts tomorrow at the earliest, since nobody is bound on days that are over.

    Raises:
        NotForYouError: If the person may not draft.
    """
    text = _from_tomorrow(candidate.text)
    with transaction.atomic():
        made = drafts.start(user, text, Origin.VERSION, _based_on(candidate.rehearsal))
        attach(user, candidate, made, behaviour)
    return made


def _from_tomorrow(text: str) -> str:
    agreement = parsed(text)
    force, tomorrow = agreement.in_force, reading.today() + dt.timedelta(days=1)
    start = max(force.from_, tomorrow)
    until = force.until if force.until and force.until >= start else None
    later = {"from_": start, "until": until, "measured_against": False}
    return text_of(agreement.model_copy(update={"in_force": force.model_copy(update=later)}))


def _ask_for_estimate(user: User, candidate: Candidate, behaviour: Behaviour) -> None:
    """Have worked out what signers will want to know."""
    kept = latest()
    if kept is not None:
        question = estimating.Question(candidate.rules, candidate.text, behaviour)
        estimating.ask(user, question, kept)


def _started(user: User, trial: Trial, title: str) -> Rehearsal:
    called = " ".join(title.split())[:LONGEST_TITLE] or f"A change of {trial.base.label}"
    return Rehearsal.objects.create(
        title=called[:LONGEST_TITLE],
        base_ref=trial.base.ref,
        base_label=trial.base.label[:300],
        base_text=text_of(trial.base.agreement),
        made_by=user,
    )


def _added(user: User, held: Rehearsal, trial: Trial, name: str) -> Candidate:
    taken = set(held.candidates.values_list("number", flat=True))
    free = [number for number in range(1, MOST_CANDIDATES + 1) if number not in taken]
    if not free:
        raise RehearsalError(
            f"{MOST_CANDIDATES} candidates stand side by side already; take one away, or start "
            "another rehearsal"
        )
    twin = held.candidates.filter(rules=trial.rules).first()
    if twin is not None:
        raise RehearsalError(f"{twin.name} has the same rates already")
    number = free[0]
    called = " ".join(name.split())[:LONGEST_NAME] or f"Candidate {number}"
    Rehearsal.objects.filter(pk=held.pk).update(changed_at=timezone.now())
    try:
        with transaction.atomic():
            return Candidate.objects.create(
                rehearsal=held,
                number=number,
                name=called,
                text=trial.text,
                rules=trial.rules,
                made_by=user,
            )
    except IntegrityError as error:
        raise RehearsalError("somebody kept another at the same moment; look again") from error


def _based_on(rehearsal: Rehearsal) -> str:
    ref = rehearsal.base_ref
    return ref if len(ref) == 64 else ""
