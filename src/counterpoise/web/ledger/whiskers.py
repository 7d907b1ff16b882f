"""Intervals as lines in a picture that is 100 wide, several of them on one scale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from counterpoise.ledger.fit_words import points as in_points

_ROOM = 0.06
"""Share of the width that stays free at each end."""


@dataclass(frozen=True)
class Whisker:
    """Where an interval starts and ends, where its figure stands, and where 0 is."""

    low: str
    value: str
    high: str
    zero: str
    says: str
    """The interval in points, where shares are compared."""
    tone: str
    """`above`, `below` or `unsure`, as the interval lies to 0."""


@dataclass(frozen=True)
class Scale:
    """The figures that the picture reaches from and to."""

    first: float
    last: float

    @classmethod
    def of(cls, found: Iterable[Mapping[str, Any] | None]) -> Scale:
        """Return a scale that holds 0 and every interval."""
        told = [each for each in found if each]
        first = min([0.0, *(each["low"] for each in told)])
        last = max([0.0, *(each["high"] for each in told)])
        room = (last - first or 1.0) * _ROOM
        return cls(first - room, last + room)

    def whisker(self, found: Mapping[str, Any]) -> Whisker:
        """Lay an estimate on the scale."""
        low, high = found["low"], found["high"]
        tone = "above" if low > 0 else "below" if high < 0 else "unsure"
        if found.get("is_small"):
            tone = "unsure"
        at = self._at
        says = f"{in_points(low)} to {in_points(high)}"
        return Whisker(at(low), at(found["value"]), at(high), at(0.0), says, tone)

    def _at(self, figure: float) -> str:
        return f"{(figure - self.first) / (self.last - self.first) * 100:.2f}"


@dataclass(frozen=True)
class Part:
    """A part of a bar: where it starts and how long it is, of 100."""

    kind: str
    start: str
    length: str


def parts_of(amounts: Mapping[str, float]) -> tuple[Part, ...]:
    """Divide a bar by amounts, each of a kind.

    >>> [(part.kind, part.start, part.length) for part in parts_of({"held": 3, "given": 1})]
    [('held', '0.00', '75.00'), ('given', '75.00', '25.00')]
    """
    whole, so_far, found = sum(amounts.values()), 0.0, []
    for kind, amount in amounts.items():
        if whole and amount:
            length = amount / whole * 100
            found.append(Part(kind, f"{so_far:.2f}", f"{length:.2f}"))
            so_far += length
    return tuple(found)
