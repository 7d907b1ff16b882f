"""Which deals wait for an answer of the desk."""

from __future__ import annotations

from counterpoise.web.desk.models import Request
from counterpoise.web.desk.states import State

_MOST = 1000


def deals_that_wait() -> frozenset[str]:
    """Return the ids of deals with a request that is still open."""
    found = Request.objects.filter(state=State.OPEN).exclude(deal_id="")
    return frozenset(found.order_by("-asked_at", "-id").values_list("deal_id", flat=True)[:_MOST])
