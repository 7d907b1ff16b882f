"""Leads of somebody who leaves: who follows has them; the clocks run on."""

from __future__ import annotations

from django.utils import timezone

from counterpoise.web.audit.entries import record
from counterpoise.web.handoffs.course import Report
from counterpoise.web.handoffs.models import Handoff
from counterpoise.web.handoffs.states import OPEN, LeadEvent, RoutingRule
from counterpoise.web.handoffs.telling import Told, tell
from counterpoise.web.people.models import User


def hand_over(leaver: User, successor: User) -> int:
    """Give the open leads of somebody who leaves to who follows, and return how many."""
    if not leaver.person_id or not successor.person_id:
        return 0
    now = timezone.now()
    theirs = Handoff.objects.select_for_update().filter(
        owner_person_id=leaver.person_id, state__in=sorted(OPEN)
    )
    passed = list(theirs.order_by("pk"))
    for each in passed:
        each.rule, each.why, each.clause = RoutingRule.BY_HAND.value, "who had it left", ""
        each.save(update_fields=["rule", "why", "clause"])
        report = Report(now, LeadEvent.ASSIGNED, successor.person_id)
        tell(each, Told(report, now, detail={"why": each.why}))
        record(None, "lead.assigned", f"handoff:{each.pk}", {"to": successor.person_id})
    return len(passed)
