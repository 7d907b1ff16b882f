"""The closed sets of hand-offs: where a lead stands, what happens to it, and who says so."""

from __future__ import annotations

from enum import StrEnum


class LeadState(StrEnum):
    """Where a lead stands."""

    WAITING = "waiting"
    """Nobody could be found who takes it up."""
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


OPEN = frozenset({LeadState.WAITING, LeadState.ASSIGNED, LeadState.ANSWERED})
"""The states that ask something of somebody."""

UNANSWERED = frozenset({LeadState.WAITING, LeadState.ASSIGNED})


class LeadEvent(StrEnum):
    """What happens to a lead."""

    PASSED = "passed"
    ASSIGNED = "assigned"
    RESPONDED = "responded"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    ESCALATED = "escalated"
    LINKED = "linked"


VERDICTS = frozenset({LeadEvent.ACCEPTED, LeadEvent.REJECTED})


class ReportSource(StrEnum):
    """Who says that it happened."""

    ROOM = "room"
    BOOKS = "books"


class RoutingRule(StrEnum):
    """By which rule a lead went where it went."""

    ACCOUNT_OWNER = "account_owner"
    TEAM = "team"
    REGION = "region"
    CAPACITY = "capacity"
    BY_HAND = "by_hand"
    TAKEN_UP = "taken_up"
    NOBODY = "nobody"
