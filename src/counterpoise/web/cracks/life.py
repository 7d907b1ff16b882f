"""The life of a crack: where it stands, and what moves it on. People act; measurement closes."""

from __future__ import annotations

from enum import StrEnum


class CrackState(StrEnum):
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
        return self is not CrackState.CLOSED


OPEN = tuple(state for state in CrackState if state.is_open)
URGENT = (CrackState.NEW, CrackState.ANSWERED, CrackState.HEALING)
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


def measured(state: CrackState, *, is_found: bool) -> tuple[CrackState, Deed | None]:
    """Return where a crack stands after a review that could see it, and what happened.

    >>> measured(CrackState.CLOSED, is_found=True)
    (<CrackState.NEW: 'new'>, <Deed.REOPENED: 'reopened'>)
    >>> measured(CrackState.ACCEPTED, is_found=False)
    (<CrackState.CLOSED: 'closed'>, <Deed.CLOSED: 'closed'>)
    >>> measured(CrackState.HEALING, is_found=True)
    (<CrackState.HEALING: 'healing'>, None)
    """
    if is_found and state is CrackState.CLOSED:
        return CrackState.NEW, Deed.REOPENED
    if not is_found and state.is_open:
        return CrackState.CLOSED, Deed.CLOSED
    return state, None


def answered(state: CrackState) -> CrackState:
    """Return where a crack stands after an answer.

    >>> answered(CrackState.NEW), answered(CrackState.HEALING)
    (<CrackState.ANSWERED: 'answered'>, <CrackState.HEALING: 'healing'>)
    """
    return CrackState.ANSWERED if state is CrackState.NEW else state


def lapsed(*, has_owner: bool, has_answer: bool) -> CrackState:
    """Return where a crack stands when its acceptance is over.

    >>> lapsed(has_owner=False, has_answer=True)
    <CrackState.ANSWERED: 'answered'>
    """
    if has_owner:
        return CrackState.HEALING
    return CrackState.ANSWERED if has_answer else CrackState.NEW
