"""Passing on tools and messages of somebody who leaves."""

from __future__ import annotations

from counterpoise.web.audit.entries import record
from counterpoise.web.people.models import User
from counterpoise.web.tools.messages import named
from counterpoise.web.tools.models import Message, Tool
from counterpoise.web.tools.owners import possible_owners
from counterpoise.web.tools.states import MessageState


def hand_over(leaver: User, successor: User) -> int:
    """Give tools and open messages of one person to another, and return how many.

    Where the successor is not of marketing they wait for an owner, and get one of marketing.
    """
    to = successor if successor in possible_owners() else None
    detail = {"owner": f"person:{to.pk}" if to else None}
    owned = list(Tool.objects.filter(owner=leaver))
    for tool in owned:
        Tool.objects.filter(pk=tool.pk).update(owner=to)
        record(None, "tool.handed_over", f"tool:{tool.tool_id}", {**detail})
    waiting = list(Message.objects.filter(owner=leaver, state=MessageState.OPEN))
    for message in waiting:
        Message.objects.filter(pk=message.pk).update(owner=to)
        record(None, f"tool_{message.kind}.handed_over", named(message), {**detail})
    return len(owned) + len(waiting)
