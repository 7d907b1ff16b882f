"""The closed sets of hand-offs: where a lead stands, what happens to it, and who says so."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a lead stands."""

    WAITING = "waiting"
    """Nobody could be found who takes it up."""
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


OPEN = frozenset({State.WAITING, State.ASSIGNED, State.ANSWERED})
"""The states that ask something of somebody."""

UNANSWERED = frozenset({State.WAITING, State.ASSIGNED})


class Kind(StrEnum):
    """What happens to a lead."""

    PASSED = "passed"
    ASSIGNED = "assigned"
    RESPONDED = "responded"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    ESCALATED = "escalated"
    LINKED = "linked"


VERDICTS = frozenset({Kind.ACCEPTED, Kind.REJECTED})


class Source(StrEnum):
    """Who says that it happened."""

    ROOM = "room"
    BOOKS = "books"


class Rule(StrEnum):
    """By which rule a lead went where it went."""

    ACCOUNT_OWNER = "account_owner"
    TEAM = "team"
    REGION = "region"
    CAPACITY = "capacity"
    BY_HAND = "by_hand"
    TAKEN_UP = "taken_up"
    NOBODY = "nobody"
