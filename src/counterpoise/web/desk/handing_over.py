"""What ends when somebody leaves: roles that they handed over, or stood in for.

Requests wait for roles, not for people: whoever holds the role next answers them.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from counterpoise.web.audit.entries import record
from counterpoise.web.desk.models import Delegation
from counterpoise.web.people.models import User


def hand_over(leaver: User, successor: User) -> int:  # noqa: ARG001 - the hook's shape
    """End the delegations of somebody who leaves, and return how many."""
    theirs = Q(giver=leaver) | Q(delegate=leaver)
    running = list(Delegation.objects.filter(theirs, ended_at=None).values_list("pk", flat=True))
    Delegation.objects.filter(pk__in=running).update(ended_at=timezone.now())
    for pk in running:
        record(None, "delegation.ended", f"delegation:{pk}")
    return len(running)
