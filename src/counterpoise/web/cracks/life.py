"""The life of a crack: where it stands, and what moves it on. People act; measurement closes."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a crack stands."""

    NEW = "new"
    ANSWERED = "answered"
    HEALING = "healing"
    """It has an owner and a due date; the next reviews measure whether it closes."""
    ACCEPTED = "accepted"
    CLOSED = "closed"

    @property
    def is_open(self) -> bool:
        """Tell whether it is measured as open."""
        return self is not State.CLOSED


OPEN = tuple(state for state in State if state.is_open)
URGENT = (State.NEW, State.ANSWERED, State.HEALING)
"""Open, and nobody accepted it."""


class Deed(StrEnum):
    """What happened to a crack."""

    FOUND = "found"
    ANSWERED = "answered"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    LAPSED = "lapsed"
    """What was accepted is over its day."""
    CLOSED = "closed"
    REOPENED = "reopened"


BY_MEASUREMENT = (Deed.FOUND, Deed.CLOSED, Deed.REOPENED, Deed.LAPSED)
"""Deeds that no person does."""


def measured(state: State, *, is_found: bool) -> tuple[State, Deed | None]:
    """Return where a crack stands after a review that could see it, and what happened.

    >>> measured(State.CLOSED, is_found=True)
    (<State.NEW: 'new'>, <Deed.REOPENED: 'reopened'>)
    >>> measured(State.ACCEPTED, is_found=False)
    (<State.CLOSED: 'closed'>, <Deed.CLOSED: 'closed'>)
    >>> measured(State.HEALING, is_found=True)
    (<State.HEALING: 'healing'>, None)
    """
    if is_found and state is State.CLOSED:
        return State.NEW, Deed.REOPENED
    if not is_found and state.is_open:
        return State.CLOSED, Deed.CLOSED
    return state, None


def answered(state: State) -> State:
    """Return where a crack stands after an answer.

    >>> answered(State.NEW), answered(State.HEALING)
    (<State.ANSWERED: 'answered'>, <State.HEALING: 'healing'>)
    """
    return State.ANSWERED if state is State.NEW else state


def lapsed(*, has_owner: bool, has_answer: bool) -> State:
    """Return where a crack stands when its acceptance is over.

    >>> lapsed(has_owner=False, has_answer=True)
    <State.ANSWERED: 'answered'>
    """
    if has_owner:
        return State.HEALING
    return State.ANSWERED if has_answer else State.NEW
