"""Ids that the CRM changed: uses and messages follow."""

from __future__ import annotations

from counterpoise.web.tools.models import Message, Use


def remap(kind: str, old: str, new: str) -> int:
    """Put a new id in the place of an old one, and return how many rows changed."""
    match kind:
        case "account":
            return Message.objects.filter(account_id=old).update(account_id=new)
        case "deal":
            return _uses(old, new) + Message.objects.filter(deal_id=old).update(deal_id=new)
        case "person":
            return sum(
                (
                    Use.objects.filter(person_id=old).update(person_id=new),
                    Message.objects.filter(sender_person_id=old).update(sender_person_id=new),
                    Message.objects.filter(settled_person_id=old).update(settled_person_id=new),
                )
            )
    return 0


def _uses(old: str, new: str) -> int:
    """Move the uses of a deal; one that stands under the new id already stays as it is."""
    changed = 0
    for use in Use.objects.filter(deal_id=old):
        told = {"tool_id": use.tool_id, "deal_id": new, "user": use.user, "on": use.on}
        if not Use.objects.filter(**told).exists():
            changed += Use.objects.filter(pk=use.pk).update(deal_id=new)
    return changed
