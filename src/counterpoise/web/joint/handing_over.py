"""Passing on what somebody who leaves had promised."""

from __future__ import annotations

from counterpoise.web.audit.entries import record
from counterpoise.web.joint.models import Action
from counterpoise.web.joint.states import ActionState
from counterpoise.web.people.models import User


def hand_over(leaver: User, successor: User) -> int:
    """Give open actions of one person to another, and return how many."""
    owned = list(Action.objects.filter(owner=leaver, state=ActionState.OPEN))
    for action in owned:
        Action.objects.filter(pk=action.pk).update(owner=successor)
        detail = {"owner": f"person:{successor.pk}"}
        record(None, "joint_action.handed_over", f"joint_action:{action.pk}", {**detail})
    return len(owned)
