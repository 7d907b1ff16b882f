"""The deals that a person helped with a lead: passed it on, or took it up."""

from __future__ import annotations

from collections.abc import Mapping

from counterpoise.ledger.helping import Helping
from counterpoise.web.handoffs.models import Handoff, Happening
from counterpoise.web.handoffs.states import VERDICTS, LeadEvent, ReportSource
from counterpoise.web.people.models import User

_TAKEN_UP = [LeadEvent.RESPONDED.value, *(each.value for each in VERDICTS)]


def helped_deals(user: User, limit: int) -> Mapping[Helping, set[str]]:
    """Return the deals of the leads that a person passed, answered or judged last."""
    passed = Handoff.objects.filter(passed_by=user).exclude(deal_id="")
    did = Happening.objects.filter(actor=user, kind__in=_TAKEN_UP, source=ReportSource.ROOM)
    taken = did.exclude(handoff__deal_id="").order_by("-at")
    return {
        Helping.PASSED: set(
            passed.order_by("-passed_at").values_list("deal_id", flat=True)[:limit]
        ),
        Helping.LEAD: set(taken.values_list("handoff__deal_id", flat=True)[:limit]),
    }
