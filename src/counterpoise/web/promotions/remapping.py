"""Ids that the CRM changed: promotions follow; what was written and decided keeps the old ones."""

from __future__ import annotations

from counterpoise.web.promotions.models import AskedPromotion, PromotionAnswer


def remap(kind: str, old: str, new: str) -> int:
    """Put a new id in the place of an old one, and return how many rows changed."""
    match kind:
        case "account":
            return AskedPromotion.objects.filter(account_id=old).update(account_id=new)
        case "person":
            asked = AskedPromotion.objects.filter(asker_person_id=old)
            answers = PromotionAnswer.objects.filter(decided_person_id=old)
            return asked.update(asker_person_id=new) + answers.update(decided_person_id=new)
    return 0
