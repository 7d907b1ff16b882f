"""What rehearsals put on the home page: those that were laid beside what is signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.urls import reverse

from counterpoise.web.places import Item
from counterpoise.web.rehearsals.models import Attachment
from counterpoise.web.signs import Signs

if TYPE_CHECKING:
    from counterpoise.web.people.models import User

_MOST = 20


def signs_of_news(user: User, since: dt.datetime) -> Signs:  # noqa: ARG001 - all see it
    """Return what was laid beside proposals since."""
    return (Attachment.objects.filter(attached_at__gt=since, proposal__isnull=False),)


def happened_since(user: User, since: dt.datetime) -> Sequence[Item]:
    """Return what was laid beside proposals since an instant."""
    (laid,) = signs_of_news(user, since)
    found = laid.select_related("attached_by", "candidate", "proposal").order_by(
        "-attached_at", "-id"
    )
    return [_item(each) for each in found[:_MOST]]


def _item(attachment: Attachment) -> Item:
    proposal = attachment.proposal
    assert proposal is not None
    says = (
        f"{attachment.attached_by.name} laid the rehearsal {attachment.candidate.name} beside "
        f"{proposal.title}"
    )
    where = reverse("agreements:proposal", args=[proposal.pk])
    return Item(says, f"{where}#rehearsed", attachment.attached_at, "agreement")
