"""The deals that a person helped at the desk: a yes to what was asked, or other terms."""

from __future__ import annotations

from collections.abc import Mapping

from counterpoise.ledger.helping import Helping
from counterpoise.web.desk.models import Answer
from counterpoise.web.desk.states import Said
from counterpoise.web.people.models import User

_SAID = {Said.APPROVED.value: Helping.APPROVED, Said.COUNTERED.value: Helping.COUNTERED}


def helped_deals(user: User, limit: int) -> Mapping[Helping, set[str]]:
    """Return the deals of the requests that a person answered so last."""
    given = Answer.objects.filter(decided_by=user, said__in=_SAID).exclude(request__deal_id="")
    found: dict[Helping, set[str]] = {}
    latest = given.order_by("-decided_at").values_list("said", "request__deal_id")[:limit]
    for said, deal_id in latest:
        found.setdefault(_SAID[said], set()).add(deal_id)
    return found
