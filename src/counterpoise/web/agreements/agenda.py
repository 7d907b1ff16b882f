"""What the agreement brings to a joint review: what ends soon, and what waits to be signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.urls import reverse
from django.utils import timezone

from counterpoise.agreement import AgreementError, Side, VersionsError
from counterpoise.web import house
from counterpoise.web.agreements.lapses import lapsing
from counterpoise.web.agreements.models import (
    Point,
    PointState,
    Proposal,
    ProposalState,
    Signature,
    SignatureState,
)
from counterpoise.web.places import AgendaItem, Section
from counterpoise.web.shell.templatetags.figures import counted

_MOST = 10


def on_agenda(since: dt.datetime | None) -> Sequence[AgendaItem]:  # noqa: ARG001 - as it stands now
    """Return clauses that lapse within thirty days, and proposals that are open."""
    return [*_lapses(), *_proposals()]


def _lapses() -> Iterator[AgendaItem]:
    try:
        found = lapsing(house.agreements(), timezone.localdate())
    except (AgreementError, VersionsError):  # what cannot be read says so on its own page
        return
    for lapse in found:
        end = timezone.make_aware(dt.datetime.combine(lapse.last_on, dt.time(23, 59)))
        url = reverse("agreements:version", args=[lapse.fingerprint]) + f"#{lapse.clause}"
        yield AgendaItem(Section.EXPIRING_CLAUSES, lapse.says, url, end, Side.BOTH.value)


def _proposals() -> Iterator[AgendaItem]:
    open_ones = Proposal.objects.filter(state=ProposalState.OPEN).order_by("proposed_at", "pk")
    for proposal in open_ones[:_MOST]:
        given = Signature.objects.filter(proposal=proposal, state=SignatureState.STANDS)
        signed = set(given.values_list("side", flat=True))
        missing = [side for side in (Side.SALES, Side.MARKETING) if side not in signed]
        points = Point.objects.filter(proposal=proposal, state=PointState.OPEN).count()
        says = f"{proposal.title} waits for {' and '.join(missing)} to sign"
        if points:
            says += f"; {counted(points, 'clause')} of it open to talk"
        url = reverse("agreements:proposal", args=[proposal.pk])
        side = missing[0].value if len(missing) == 1 else Side.BOTH.value
        yield AgendaItem(Section.WAITING_REQUESTS, says, url, proposal.proposed_at, side)
