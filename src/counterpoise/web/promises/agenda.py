"""What promises and budgets bring to a joint review: broken ones, overruns, open transfers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.urls import reverse

from counterpoise.web.places import AgendaItem, Section
from counterpoise.web.promises.models import Transfer
from counterpoise.web.promises.states import TransferState
from counterpoise.web.promises.transfers import title_of

_BOTH = "both"


def on_agenda(since: dt.datetime | None) -> Sequence[AgendaItem]:  # noqa: ARG001 - what stands now
    """Return the transfers that wait for the other side; promises and budgets come from reviews."""
    return list(_open_transfers())


def _open_transfers() -> Iterator[AgendaItem]:
    for each in Transfer.objects.filter(state=TransferState.OPEN).order_by("proposed_at", "pk"):
        url = f"{reverse('promises:promises')}#transfer-{each.pk}"
        says = f"{title_of(each)}: proposed by {each.proposed_side}, not signed by the other side"
        yield AgendaItem(Section.BUDGETS, says, url, each.proposed_at, _BOTH)
