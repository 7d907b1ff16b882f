"""Ids that the CRM changed: requests follow; what was written and decided keeps the old ones."""

from __future__ import annotations

from counterpoise.web.desk.models import Answer, LinkRefusal, Request


def remap(kind: str, old: str, new: str) -> int:
    """Put a new id in the place of an old one, and return how many rows changed."""
    match kind:
        case "account":
            return Request.objects.filter(account_id=old).update(account_id=new)
        case "deal":
            refused = LinkRefusal.objects.filter(deal_id=old).update(deal_id=new)
            return refused + Request.objects.filter(deal_id=old).update(deal_id=new)
        case "person":
            return sum(
                (
                    Request.objects.filter(asker_person_id=old).update(asker_person_id=new),
                    Request.objects.filter(owner_person_id=old).update(owner_person_id=new),
                    Answer.objects.filter(decided_person_id=old).update(decided_person_id=new),
                )
            )
    return 0
