"""What changed between two versions: a clause, what it said and says, and for whom it is looser."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ChangeKind(StrEnum):
    """What happened to a clause."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class Direction(StrEnum):
    """Whether somebody may do more or less than before, or owes less or more."""

    LOOSER = "looser"
    TIGHTER = "tighter"

    @property
    def opposite(self) -> Direction:
        """Return the other direction."""
        return Direction.TIGHTER if self is Direction.LOOSER else Direction.LOOSER


@dataclass(frozen=True)
class Effect:
    """A direction and whom it concerns: a role, a side, or both."""

    direction: Direction
    whom: str

    def __str__(self) -> str:
        """Say the effect."""
        return f"{self.direction} for {self.whom}"


@dataclass(frozen=True)
class Change:
    """A clause that means something else now.

    `before` and `after` say in words what it meant, None where it was not there. `effect` is None
    where it cannot be decided from the clause alone.
    """

    clause: str
    kind: ChangeKind
    before: str | None
    after: str | None
    effect: Effect | None = None

    def __str__(self) -> str:
        """Write the change in words."""
        effect = f" ({self.effect})" if self.effect else ""
        said = " → ".join(each for each in (self.before, self.after) if each is not None)
        return f"{self.clause} {self.kind}{effect}: {said}"
