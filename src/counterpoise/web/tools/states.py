"""The closed sets of the tools: what goes to marketing, and where it stands."""

from __future__ import annotations

from enum import StrEnum


class MessageKind(StrEnum):
    """What a seller sends to marketing."""

    REQUEST = "request"
    """Asks for a tool."""
    NOTE = "note"
    """Tells what was heard from customers."""


class MessageState(StrEnum):
    """Where a message stands. Only an open one can still become something else."""

    OPEN = "open"
    ANSWERED = "answered"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
