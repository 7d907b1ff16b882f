"""Intervals drawn: where the estimate lies, how far it may be off, and where nothing is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_MARGIN = 4.0
_WIDTH = 100.0


@dataclass(frozen=True)
class Plot:
    """An interval on a line of 100 units on which `zero` marks no change."""

    zero: str
    low: str
    middle: str
    high: str

    @property
    def length(self) -> str:
        """Return how long the interval is."""
        return f"{max(float(self.high) - float(self.low), 0.6):.2f}"


def plot_of(intervals: Sequence[tuple[float, float, float]]) -> list[Plot]:
    """Draw intervals (low, estimate, high) on one scale that holds all of them and 0.

    >>> [(each.zero, each.low, each.high) for each in plot_of([(0.0, 5.0, 10.0)])]
    [('4.00', '4.00', '96.00')]
    """
    ends = [end for interval in intervals for end in interval]
    least, most = min(*ends, 0.0), max(*ends, 0.0)
    span = (most - least) or 1.0

    def place(value: float) -> str:
        return f"{_MARGIN + (value - least) / span * (_WIDTH - 2 * _MARGIN):.2f}"

    return [
        Plot(place(0.0), place(low), place(middle), place(high)) for low, middle, high in intervals
    ]
