"""What past deals would have met: every verdict under two agreements, and what it asks of whom.

Nothing is assumed about behaviour: the deals are those that were made, at the prices that were
agreed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


class Verdict(StrEnum):
    """How a past deal is answered, or why it is not."""

    GRANTED = "granted"
    NEEDS_APPROVAL = "needs_approval"
    REFUSED = "refused"
    UNJUDGED = "unjudged"
    """A missing fact or an unknown role leaves it open."""
    UNPRICED = "unpriced"
    """Nobody knows its list or its net."""
    NO_AGREEMENT = "no_agreement"
    """No agreement was in force on its day, or nobody knows its day."""


@dataclass(frozen=True)
class Answer:
    """An answer with those who must approve: the discount, and `floor` besides, below the floor.

    >>> Answer(Verdict.NEEDS_APPROVAL, ("manager", "marketing"), "lead").says
    'approval by manager + marketing, lead (floor)'
    """

    verdict: Verdict
    approvers: tuple[str, ...] = ()
    floor: str | None = None

    @property
    def roles(self) -> tuple[str, ...]:
        """Return every role that must approve, each once."""
        return tuple(dict.fromkeys((*self.approvers, *filter(None, [self.floor]))))

    @property
    def says(self) -> str:
        """Say the answer in words; two answers are the same where they say the same."""
        if self.verdict is not Verdict.NEEDS_APPROVAL:
            return str(self.verdict.value)
        floor = f"{self.floor} (floor)" if self.floor else ""
        return "approval by " + ", ".join(filter(None, [" + ".join(self.approvers), floor]))


@dataclass(frozen=True)
class Sums:
    """Deals, and what they come to in workspace currency; an unknown amount counts as none."""

    deals: int = 0
    list_amount: Decimal = Decimal(0)
    net: Decimal = Decimal(0)
    conceded: Decimal = Decimal(0)

    def __add__(self, other: Sums) -> Sums:
        """Add deals that are not among these."""
        return Sums(
            self.deals + other.deals,
            self.list_amount + other.list_amount,
            self.net + other.net,
            self.conceded + other.conceded,
        )


@dataclass(frozen=True)
class Move:
    """Deals that the agreement of their day answers so, and the candidate otherwise."""

    was: Answer
    now: Answer
    sums: Sums


@dataclass(frozen=True)
class Counts:
    """How many deals an agreement answers in each way; they add up to the deals."""

    granted: int = 0
    needs_approval: int = 0
    refused: int = 0
    unjudged: int = 0
    unpriced: int = 0
    no_agreement: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Add deals that are not among these."""
        return Counts(*(getattr(self, name) + getattr(other, name) for name in vars(self)))


@dataclass(frozen=True)
class Load:
    """How often a role is asked to approve. A group asks each of its members.

    Attributes:
        role: Whose approval.
        deals: Deals on which it is asked, each once.
        weeks: The calendar weeks of the period.
        busiest_week: The Monday of the week with most of them, the earliest of equals; None where
            there are none.
        busiest: How many there were.
    """

    role: str
    deals: int
    weeks: int
    busiest_week: dt.date | None
    busiest: int

    @property
    def a_week(self) -> Fraction:
        """Return how many a week there are on average, over all weeks of the period."""
        return Fraction(self.deals, self.weeks) if self.weeks else Fraction(0)


@dataclass(frozen=True)
class Answered:
    """What one agreement, or the agreements of their days, answer to the past deals.

    Attributes:
        counts: Deals by verdict.
        loads: Who is asked to approve how often, lowest role first.
        excluded: Deals with a discount that an exclusion refuses.
        below_floor: Deals below the margin floor, where that asks for a further approval or
            refuses.
        within_authority: What was conceded on won deals and lies within what the owner of the
            deal may grant alone, whichever way an unknown falls.
    """

    counts: Counts
    loads: tuple[Load, ...]
    excluded: int
    below_floor: int
    within_authority: Decimal


@dataclass(frozen=True)
class GroupReplay:
    """A group of deals: how the answers to it change. A key of None is the group without one."""

    key: str | None
    name: str
    deals: int
    changed: Sums
    was: Counts
    now: Counts


@dataclass(frozen=True)
class Replay:
    """Past deals under the agreements of their days and under a candidate.

    Attributes:
        deals: Deals closed by the as-of day: won, lost or cancelled.
        weeks: The calendar weeks from the first to the last of their days.
        undated: Deals of which nobody knows the day; they stand in no week.
        was: What the agreements of their days answer.
        now: What the candidate answers, as if it had been in force on every day.
        moves: The deals whose answer differs, the most frequent move first.
        first_answers: The deals on whose day no agreement was in force, by what the candidate
            answers; they change no verdict.
        newly_excluded: Deals with a discount that only the candidate excludes.
        no_longer_excluded: Those that only the agreement of their day excludes.
        newly_below_floor: Deals that only the candidate's floor stops.
        no_longer_below_floor: Those that only the floor of their day stops.
        by: The groups of each grouping, by its name: those that change most first, quarters in
            time.
    """

    deals: int
    weeks: int
    undated: int
    was: Answered
    now: Answered
    moves: tuple[Move, ...]
    first_answers: tuple[Move, ...]
    newly_excluded: int
    no_longer_excluded: int
    newly_below_floor: int
    no_longer_below_floor: int
    by: Mapping[str, tuple[GroupReplay, ...]]

    @property
    def changed(self) -> Sums:
        """Return the deals whose answer differs, and what they are worth."""
        return sum((move.sums for move in self.moves), Sums())
