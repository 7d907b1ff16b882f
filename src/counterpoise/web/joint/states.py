"""Where joint reviews and what was promised at them stand."""

from __future__ import annotations

from enum import StrEnum


class ReviewState(StrEnum):
    """Where a joint review stands."""

    PLANNED = "planned"
    OPEN = "open"
    """Both sides sit together, and write."""
    HELD = "held"
    """Its minutes are closed and stay as they are."""
    SKIPPED = "skipped"


class ActionState(StrEnum):
    """Where stands what somebody promised to do."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Kind(StrEnum):
    """What is written down about a point."""

    NOTE = "note"
    DECISION = "decision"
    ACTION = "action"
