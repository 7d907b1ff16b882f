"""What thanks bring to a joint review: that there were some, without names or counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.urls import reverse

from counterpoise.agreement import Side
from counterpoise.web.places import AgendaItem, Section
from counterpoise.web.thanks.models import Thank

_SAYS = {
    Side.SALES.value: "Sales thanked marketing: let the two tell what for",
    Side.MARKETING.value: "Marketing thanked sales: let the two tell what for",
}


def on_agenda(since: dt.datetime | None) -> Sequence[AgendaItem]:
    """Return the sides that thanked the other since they last sat together."""
    said = Thank.objects.filter(at__gt=since) if since else Thank.objects.all()
    sides = set(said.order_by().values_list("giver__side", flat=True).distinct())
    url = reverse("thanks:thanks")
    return [
        AgendaItem(Section.THANKS, says, f"{url}#{side}", None, side)
        for side, says in _SAYS.items()
        if side in sides
    ]
