"""Signing: a side's signature under one wording, and what takes effect when both stand."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from counterpoise.agreement import (
    AgreementError,
    Side,
    VersionsError,
    fingerprint,
    parse_agreement,
    write_agreement,
)
from counterpoise.agreement.document import Signature as Signed
from counterpoise.web import house
from counterpoise.web.agreements import shelf
from counterpoise.web.agreements.models import (
    Proposal,
    ProposalState,
    Ratification,
    Signature,
    SignatureState,
    Wording,
)
from counterpoise.web.agreements.proposals import (
    ProposalError,
    WordingChangedError,
    check_start,
    close,
    hold,
    wording_of,
)
from counterpoise.web.agreements.reading import SIGNER
from counterpoise.web.agreements.rights import must_sign_for
from counterpoise.web.audit.entries import record

if TYPE_CHECKING:
    from counterpoise.web.people.models import User

logger = logging.getLogger(__name__)


class SigningError(ProposalError):
    """A signature cannot be given or taken back."""


def sign(user: User, proposal: Proposal, side: Side, signed: str) -> Ratification | None:
    """Sign a wording for a side, by its fingerprint; return what is ratified by it, if anything.

    Raises:
        NotForYouError: If the person may not sign for that side.
        WordingChangedError: If the proposal says something else by now.
        SigningError: If the side has signed, or the person has signed for the other.
        ProposalError: If the proposal is closed.
        VersionsError: If it cannot stand beside what is ratified.
    """
    must_sign_for(user, side)
    try:
        with transaction.atomic():
            held = hold(proposal)
            wording = wording_of(held)
            if wording.fingerprint != signed:
                raise WordingChangedError(wording)
            check_start(parse_agreement(wording.text))
            _refuse_second(held, user, side)
            Signature.objects.create(
                proposal=held,
                wording=wording,
                side=side.value,
                signer=user,
                signed_at=timezone.now(),
            )
            ratified = _ratify_if_complete(held, wording, user)
            detail = {"side": side.value, "fingerprint": wording.fingerprint}
            record(user, "agreement.signed", f"proposal:{held.pk}", detail)
            if ratified is not None:
                record(user, "agreement.ratified", f"agreement:{ratified.fingerprint}")
    except IntegrityError as error:
        raise SigningError(
            "somebody signed at the same instant, or another agreement starts on that day; load "
            "the page anew to see where it stands"
        ) from error
    if ratified is not None:
        _take_effect(ratified, user)
    return ratified


def take_back(user: User, signature: Signature) -> None:
    """Take one's own signature back, while the other side has not signed.

    Raises:
        SigningError: If it is somebody else's, or does not stand.
        ProposalError: If the proposal is closed.
    """
    if signature.signer_id != user.pk:
        raise SigningError("only who signed may take a signature back")
    with transaction.atomic():
        held = hold(signature.proposal)
        mine = Signature.objects.filter(pk=signature.pk, state=SignatureState.STANDS)
        if not mine.update(state=SignatureState.WITHDRAWN):
            raise SigningError("this signature does not stand any more")
        record(user, "agreement.signature_withdrawn", f"proposal:{held.pk}")


def standing_of(proposal: Proposal) -> list[Signature]:
    """Return the signatures that stand."""
    found = Signature.objects.filter(proposal=proposal, state=SignatureState.STANDS)
    return list(found.select_related("signer"))


def _refuse_second(held: Proposal, user: User, side: Side) -> None:
    """Refuse a person who signed for the other side, ever, and a side that has signed."""
    given = Signature.objects.filter(proposal=held)
    if given.filter(signer=user).exclude(side=side.value).exists():
        other = Side.MARKETING if side is Side.SALES else Side.SALES
        raise SigningError(
            f"you signed this proposal for {other}; nobody signs one proposal for both sides"
        )
    if given.filter(side=side.value, state=SignatureState.STANDS).exists():
        raise SigningError(f"{side} has signed this wording already")


def _ratify_if_complete(held: Proposal, wording: Wording, user: User) -> Ratification | None:
    signatures = list(Signature.objects.filter(proposal=held, state=SignatureState.STANDS))
    if {each.side for each in signatures} != {Side.SALES.value, Side.MARKETING.value}:
        return None
    agreement = parse_agreement(wording.text)
    signed = tuple(
        Signed.model_validate(
            {
                "side": each.side,
                "by": f"{SIGNER}{each.signer_id}",
                "at": timezone.localtime(each.signed_at).replace(tzinfo=None, microsecond=0),
            }
        )
        for each in signatures
    )
    complete = agreement.model_copy(update={"signed": signed})
    if fingerprint(complete) != wording.fingerprint:
        raise WordingChangedError(wording)
    shelf.check_place(complete)
    close(held, ProposalState.RATIFIED, user)
    return Ratification.objects.create(
        proposal=held,
        fingerprint=wording.fingerprint,
        starts_on=agreement.in_force.from_,
        text=write_agreement(complete),
        ratified_at=timezone.now(),
    )


def _take_effect(ratified: Ratification, user: User) -> None:
    """Write the file and ask for a review; what a crash leaves undone is done at the next look."""
    try:
        shelf.write_file(ratified)
        house.agreements()
    except (OSError, AgreementError, VersionsError):
        logger.exception("ratified, not written yet", extra={"agreement": ratified.fingerprint})
    _ask_for_review(user)


def _ask_for_review(user: User) -> None:
    from counterpoise.web.work.jobs import JobRunningError, kinds, start_job

    if "review" not in kinds():
        return
    try:
        start_job("review", asked_by=user)
    except JobRunningError:
        logger.info("a review is under way already")
