"""Short ways to make tools and to send messages."""

import datetime as dt
from typing import Any

from counterpoise.web.people.models import User
from counterpoise.web.tools import editing, messages
from counterpoise.web.tools.models import Message, Tool
from counterpoise.web.tools.states import MessageKind
from tests.web.desk.asking import token
from tests.web.desk.company import NOW

FIELDS = {
    "title": "Pump case",
    "objection": "Too expensive",
    "sentence": "A pump that never stops pays for itself.",
    "proof": "Two years at Alder",
    "question": "What does an hour of standstill cost you?",
    "kind": "case",
    "product_family": "Pumps",
}


def made(user: User, now: dt.datetime = NOW, **fields: Any) -> Tool:
    """Make a tool for pumps."""
    told = {**FIELDS, "owner": user, **fields}
    return editing.make(user, editing.Written(told), token(), now)


def sent(
    user: User,
    text: str = "They say Delta is cheaper.",
    kind: MessageKind = MessageKind.REQUEST,
    now: dt.datetime = NOW,
    **about: str,
) -> Message:
    """Send marketing a message."""
    return messages.send(user, kind, text, messages.About(**about), token(), now)


def form(**changed: Any) -> dict[str, Any]:
    """Return what the form of a tool sends."""
    return {**FIELDS, "revision": 0, "token": token(), **changed}
