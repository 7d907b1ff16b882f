"""The closed sets of talk."""

from __future__ import annotations

from enum import StrEnum


class QuestionState(StrEnum):
    """Where a question stands. Only an open one can still become something else."""

    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class Kind(StrEnum):
    """What may be talked about, as the trail names it."""

    CLAUSE = "clause"
    DEAL = "deal"
    LEAD = "lead"
    CAMPAIGN = "campaign"
    TOOL = "tool"
    REQUEST = "request"
    CRACK = "crack"
    PROMOTION = "promotion"
    PROMOTED = "promoted"
