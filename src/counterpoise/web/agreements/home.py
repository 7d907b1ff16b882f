"""What the agreement puts on the home page: what waits to be signed or answered, what lapses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.urls import reverse

from counterpoise.agreement import AgreementError, VersionsError
from counterpoise.web import house
from counterpoise.web.access import signers_of
from counterpoise.web.agreements import negotiation, reading, shelf
from counterpoise.web.agreements.lapses import lapsing
from counterpoise.web.agreements.models import (
    Point,
    PointState,
    Proposal,
    ProposalState,
    Ratification,
    Signature,
    SignatureState,
)
from counterpoise.web.agreements.rights import may_draft
from counterpoise.web.places import Item
from counterpoise.web.signs import Signs

if TYPE_CHECKING:
    from counterpoise.web.people.models import User

KIND = "agreement"


def waits_for(user: User) -> Sequence[Item]:
    """Return proposals to sign, points to answer, and what lapses within thirty days."""
    return [*_to_sign(user), *_to_answer(user), *_lapses()]


def signs_of_news(user: User, since: dt.datetime) -> Signs:  # noqa: ARG001 - all see it
    """Return what was proposed, countered and ratified since."""
    return (
        Proposal.objects.filter(proposed_at__gt=since),
        Point.objects.filter(made_at__gt=since),
        Ratification.objects.filter(ratified_at__gt=since),
    )


def happened_since(user: User, since: dt.datetime) -> Sequence[Item]:
    """Return what was proposed, countered and ratified since an instant."""
    proposals, answers, ratifications = signs_of_news(user, since)
    proposed = proposals.select_related("proposed_by")
    points = answers.select_related("made_by", "proposal")
    ratified = ratifications.select_related("proposal")
    return [
        *(
            Item(
                f"{each.proposed_by.name} proposed {each.title}", _url(each), each.proposed_at, KIND
            )
            for each in proposed[:20]
        ),
        *(
            Item(
                f"{each.made_by.name}: {each.kind} to {each.clause}",
                f"{_url(each.proposal)}#point-{each.pk}",
                each.made_at,
                KIND,
            )
            for each in points.order_by("-made_at", "-id")[:20]
        ),
        *(
            Item(
                f"{each.proposal.title} is ratified",
                reverse("agreements:version", args=[each.fingerprint]),
                each.ratified_at,
                KIND,
            )
            for each in ratified[:20]
        ),
    ]


def _to_sign(user: User) -> list[Item]:
    sides = {side.value for side in signers_of(user)}
    if not sides:
        return []
    open_ones = list(Proposal.objects.filter(state=ProposalState.OPEN)[:50])
    standing = Signature.objects.filter(proposal__in=open_ones, state=SignatureState.STANDS)
    given: dict[int, dict[str, int]] = {}
    for each in standing:
        given.setdefault(each.proposal_id, {})[each.side] = each.signer_id
    return [
        Item(f"Read and sign: {each.title}", _url(each), each.proposed_at, KIND)
        for each in open_ones
        if sides - set(given.get(each.pk, {})) and user.pk not in given.get(each.pk, {}).values()
    ]


def _to_answer(user: User) -> list[Item]:
    if not may_draft(user):
        return []
    open_ones = Point.objects.filter(
        state=PointState.OPEN, proposal__state=ProposalState.OPEN
    ).select_related("proposal", "made_by")
    return [
        Item(
            f"Answer {each.made_by.name}: {each.kind} to {each.clause}",
            f"{_url(each.proposal)}#point-{each.pk}",
            each.made_at,
            KIND,
        )
        for each in open_ones[:50]
        if negotiation.may_answer(user, each)
    ]


def _lapses() -> list[Item]:
    try:
        found = lapsing(shelf.versions(), reading.today())
    except (AgreementError, VersionsError):
        return []
    zone = ZoneInfo(house.workspace().time_zone)
    page = reverse("agreements:read")
    return [
        Item(
            lapse.says,
            f"{page}#{lapse.clause}",
            dt.datetime.combine(lapse.last_on, dt.time(23, 59), zone),
            KIND,
        )
        for lapse in found
    ]


def _url(proposal: Proposal) -> str:
    return reverse("agreements:proposal", args=[proposal.pk])
