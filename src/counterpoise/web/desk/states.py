"""The closed sets of the desk: where a request stands, what was said to it, what happened to it."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a request stands. Only an open one can still become something else."""

    OPEN = "open"
    GRANTED = "granted"
    APPROVED = "approved"
    REFUSED = "refused"
    COUNTERED = "countered"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


AGREED = frozenset({State.GRANTED, State.APPROVED})
"""The states in which the company stands by the terms."""


class Said(StrEnum):
    """What an approver says."""

    APPROVED = "approved"
    REFUSED = "refused"
    COUNTERED = "countered"


class Capacity(StrEnum):
    """In which capacity an approver says it."""

    OWN = "own"
    DELEGATE = "delegate"
    ESCALATION = "escalation"


class Happening(StrEnum):
    """What happened to a request."""

    ASKED = "asked"
    COVERED = "covered"
    REMINDED = "reminded"
    ESCALATED = "escalated"
    APPROVED = "approved"
    REFUSED = "refused"
    COUNTERED = "countered"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    LINKED = "linked"
    NOT_LINKED = "not_linked"
    OFFERED = "offered"
