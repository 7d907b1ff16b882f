"""What the desk answers to one ask, and which of two answers is the stricter."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from counterpoise.desk.chain import Grant


class Verdict(StrEnum):
    """The three answers, the most welcome first."""

    GRANTED = "granted"
    NEEDS_APPROVAL = "needs_approval"
    REFUSED = "refused"


class Reading(StrEnum):
    """How a missing fact is taken: against the request, or in its favour."""

    STRICT = "strict"
    LENIENT = "lenient"


REFUSED_WEIGHT = 2_000_000
"""The weight of a refusal: above that of every approval."""

_APPROVAL_WEIGHT = 1_000_000


class Outcome(NamedTuple):
    """The answer to one ask under one clause.

    `weight` orders outcomes by strictness: 0 is granted, a higher rank on the ladder weighs more,
    a refusal most. `limit` is what the asking role could have by itself. Tuples, because the desk
    makes some dozens of them for every request.
    """

    verdict: Verdict
    clause: str
    weight: int = 0
    approvers: tuple[str, ...] = ()
    limit: Decimal | None = None

    @property
    def approver(self) -> str | None:
        """Return who must approve, a group written as in the agreement."""
        return " + ".join(self.approvers) or None


def granted(clause: str, limit: Decimal | None = None) -> Outcome:
    """Make the answer yes."""
    return Outcome(Verdict.GRANTED, clause, 0, (), limit)


def needs(grant: Grant, clause: str, limit: Decimal | None = None) -> Outcome:
    """Make the answer that `grant`'s roles must approve."""
    weight = approval_weight(grant.rank)
    return Outcome(Verdict.NEEDS_APPROVAL, clause, weight, grant.roles, limit)


def approval_weight(rank: int) -> int:
    """Return the weight of an approval by somebody of that rank."""
    return _APPROVAL_WEIGHT + rank


def refused(clause: str, limit: Decimal | None = None) -> Outcome:
    """Make the answer no."""
    return Outcome(Verdict.REFUSED, clause, REFUSED_WEIGHT, (), limit)
