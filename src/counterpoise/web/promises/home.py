"""What promises and budgets add to the home page: transfers that wait for a side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.urls import reverse

from counterpoise.web.people.models import User
from counterpoise.web.places import Item
from counterpoise.web.promises.models import Transfer
from counterpoise.web.promises.states import TransferState
from counterpoise.web.promises.transfers import may_sign, title_of
from counterpoise.web.signs import Signs

_KIND = "transfer"
_MOST = 20


def signs_of_waiting(user: User) -> Signs:
    """Return open transfers, for those who sign."""
    return (Transfer.objects.filter(state=TransferState.OPEN),) if user.may_sign else ()


def signs_of_news(user: User, since: dt.datetime) -> Signs:  # noqa: ARG001 - for everybody
    """Return transfers that both sides signed."""
    return (Transfer.objects.filter(state=TransferState.SIGNED, settled_at__gt=since),)


def waits_for(user: User) -> Sequence[Item]:
    """Return open transfers that a person can sign for their side."""
    if not user.may_sign:
        return ()
    (waiting,) = signs_of_waiting(user)
    found = waiting.order_by("proposed_at")[:_MOST]
    url = reverse("promises:promises")
    return [
        Item(f"Sign or decline: {title_of(each)}", f"{url}#transfer-{each.pk}", None, _KIND)
        for each in found
        if may_sign(user, each)
    ]


def happened_since(user: User, since: dt.datetime) -> Sequence[Item]:
    """Return transfers that both sides signed."""
    (found,) = signs_of_news(user, since)
    url = reverse("promises:promises")
    return [
        Item(f"Both sides signed: {title_of(each)}", url, each.settled_at, _KIND)
        for each in found[:_MOST]
    ]
