"""What the API says of tools and messages: shapes, examples, and what bodies hold."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Schema

from counterpoise.web.tools.models import LONGEST_LINE, LONGEST_TEXT
from counterpoise.web.tools.states import MessageKind, MessageState

LARGEST_ID = 2**63 - 1
ABOUT = ("objection", "product_family", "persona", "competitor", "deal_id", "account_id")
"""What a message may be about."""


class ToolPersonShape(Schema):
    """Somebody of the room."""

    id: int
    name: str


class ToolShape(Schema):
    """A tool, imported or made in the room."""

    tool_id: str
    title: str
    kind: str
    objection: str
    sentence: str
    proof: str
    question: str
    link: str
    values: list[str]
    """Ids of value propositions of the agreement."""
    product_family: str
    persona: str
    competitor: str
    stage: str
    owner: ToolPersonShape | None
    made_on: dt.date | None
    expires_on: dt.date | None
    """The last day on which it is offered."""
    file: str | None
    """The name of its file, which the room's page gives out."""
    is_imported: bool
    is_retired: bool
    revision: int
    """Name it when changing the tool; 0 where the room added nothing to an imported one."""
    used: int
    helped: int


class ToolsShape(Schema):
    """The library."""

    tools: list[ToolShape]


class UseShape(Schema):
    """A use of a tool."""

    id: int
    tool_id: str
    deal_id: str | None
    at: dt.datetime
    helped: bool


class ToolMessageShape(Schema):
    """A request for a tool, or what was heard from a customer."""

    id: int
    kind: MessageKind
    state: MessageState
    is_overdue: bool
    text: str
    objection: str
    product_family: str
    persona: str
    competitor: str
    deal_id: str | None
    """Where the deal opens to the token's person."""
    account_id: str | None
    sender: ToolPersonShape
    sent_at: dt.datetime
    owner: ToolPersonShape | None
    due_at: dt.datetime | None
    answer: str
    tool_id: str | None
    settled_by: ToolPersonShape | None
    settled_at: dt.datetime | None


class ToolMessagesShape(Schema):
    """A page of messages."""

    messages: list[ToolMessageShape]
    page: int
    more: bool


TOOL: dict[str, Any] = {
    "tool_id": "room-4f1c2a9b7d",
    "title": "Downtime calculator",
    "kind": "calculator",
    "objection": "Too expensive",
    "sentence": "A pump that never stops pays for itself.",
    "proof": "Two years at Alder Works",
    "question": "What does an hour of standstill cost you?",
    "link": "",
    "values": ["uptime"],
    "product_family": "Pumps",
    "persona": "",
    "competitor": "",
    "stage": "offer",
    "owner": {"id": 4, "name": "Kira Kohl"},
    "made_on": "2026-06-10",
    "expires_on": None,
    "file": None,
    "is_imported": False,
    "is_retired": False,
    "revision": 1,
    "used": 3,
    "helped": 2,
}
USE = {
    "id": 12,
    "tool_id": "room-4f1c2a9b7d",
    "deal_id": "D1",
    "at": "2026-06-11T09:00:00+00:00",
    "helped": False,
}
MESSAGE: dict[str, Any] = {
    "id": 7,
    "kind": "request",
    "state": "open",
    "is_overdue": False,
    "text": "They say Delta is cheaper.",
    "objection": "",
    "product_family": "Pumps",
    "persona": "",
    "competitor": "Delta",
    "deal_id": "D1",
    "account_id": None,
    "sender": {"id": 2, "name": "Rhea Rook"},
    "sent_at": "2026-06-10T10:00:00+00:00",
    "owner": {"id": 4, "name": "Kira Kohl"},
    "due_at": "2026-06-17T10:00:00+00:00",
    "answer": "",
    "tool_id": None,
    "settled_by": None,
    "settled_at": None,
}
_LINE = {"type": ["string", "null"], "maxLength": LONGEST_LINE}
_LONG = {"type": ["string", "null"], "maxLength": LONGEST_TEXT}
_PARTS: dict[str, Any] = {
    **dict.fromkeys(("kind", "objection", "product_family", "persona", "competitor"), _LINE),
    **dict.fromkeys(("sentence", "proof", "question"), _LONG),
    "title": {"type": "string", "minLength": 1, "maxLength": LONGEST_LINE},
    "link": {"type": ["string", "null"], "maxLength": 500, "description": "Begins with https://"},
    "value_ids": {"type": ["array", "null"], "items": {"type": "string"}, "maxItems": 50},
    "stage": _LINE,
    "owner": {"type": ["integer", "null"], "minimum": 1, "maximum": LARGEST_ID},
    "expires_on": {"type": ["string", "null"], "format": "date"},
}
NEW_TOOL = {"type": "object", "required": ["title"], "properties": _PARTS}
_REVISION = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
CHANGED_TOOL = {
    "type": "object",
    "required": ["revision", "title"],
    "properties": {**_PARTS, "revision": _REVISION},
}
RETIRED = {
    "type": "object",
    "required": ["is_retired"],
    "properties": {"is_retired": {"type": "boolean"}},
}
USED = {
    "type": "object",
    "properties": {"deal_id": _LINE, "helped": {"type": ["boolean", "null"]}},
}
SENT = {
    "type": "object",
    "required": ["kind", "text"],
    "properties": {
        "kind": {"type": "string", "enum": [kind.value for kind in MessageKind]},
        "text": {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT},
        **dict.fromkeys(ABOUT, _LINE),
    },
}
SETTLED = {
    "type": "object",
    "required": ["state"],
    "properties": {
        "state": {"type": "string", "enum": ["answered", "declined", "withdrawn"]},
        "text": _LONG,
        "tool_id": _LINE,
    },
}
PASSED_ON = {
    "type": "object",
    "required": ["owner"],
    "properties": {"owner": {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}},
}
