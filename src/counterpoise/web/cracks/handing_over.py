"""Passing on the cracks that somebody who leaves owns."""

from __future__ import annotations

from django.utils import timezone

from counterpoise.web.audit.entries import record
from counterpoise.web.cracks import life
from counterpoise.web.cracks.life import CrackState
from counterpoise.web.cracks.models import Crack
from counterpoise.web.cracks.rights import possible_owners
from counterpoise.web.people.models import User


def hand_over(leaver: User, successor: User) -> int:
    """Give the open cracks of one person to another, and return how many.

    What the successor may not own waits for an owner again.
    """
    now = timezone.now()
    found = list(Crack.objects.select_for_update().filter(owner=leaver, state__in=life.OPEN))
    for crack in found:
        if successor in possible_owners(crack, now):
            crack.owner = successor
        else:
            crack.owner, crack.due_on = None, None
            if crack.state == CrackState.HEALING:
                crack.state = CrackState.ANSWERED
        crack.save(update_fields=["owner", "due_on", "state"])
        to = f"person:{crack.owner_id}" if crack.owner_id else None
        record(None, "crack.handed_over", f"crack:{crack.slug}", {"owner": to})
    return len(found)
