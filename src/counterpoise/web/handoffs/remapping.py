"""Ids that the CRM changed: leads follow; what was reported keeps its words."""

from __future__ import annotations

from counterpoise.web.handoffs.models import Handoff, Happening


def remap(kind: str, old: str, new: str) -> int:
    """Put a new id in the place of an old one, and return how many rows changed."""
    match kind:
        case "account":
            return Handoff.objects.filter(account_id=old).update(account_id=new)
        case "campaign":
            return Handoff.objects.filter(campaign_id=old).update(campaign_id=new)
        case "deal":
            told = Happening.objects.filter(deal_id=old).update(deal_id=new)
            return told + Handoff.objects.filter(deal_id=old).update(deal_id=new)
        case "person":
            return sum(
                (
                    Happening.objects.filter(person_id=old).update(person_id=new),
                    Handoff.objects.filter(owner_person_id=old).update(owner_person_id=new),
                    Handoff.objects.filter(responder_id=old).update(responder_id=new),
                )
            )
    return 0
